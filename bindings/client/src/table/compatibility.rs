use std::fmt;

/// What the connected VPP has under a message's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Presence {
    /// The message with the same CRC: it can be sent.
    Present,
    /// No message of that name.
    Absent,
    /// A message of that name and another layout.
    OtherCrc {
        /// The CRC that VPP has.
        vpp: u32,
    },
}

/// How a set of messages fits the connected VPP, in the order asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compatibility {
    lines: Vec<CompatibilityLine>,
}

/// One message of a [`Compatibility`] report.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompatibilityLine {
    /// The message's name.
    pub name: String,
    /// The CRC that was asked for.
    pub crc: u32,
    /// What VPP has.
    pub presence: Presence,
}

impl Compatibility {
    pub(crate) fn new<'a>(lines: impl Iterator<Item = (&'a str, u32, Presence)>) -> Self {
        let line = |(name, crc, presence): (&str, _, _)| CompatibilityLine {
            name: name.to_owned(),
            crc,
            presence,
        };
        Self {
            lines: lines.map(line).collect(),
        }
    }

    /// Whether every message can be sent.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }

    /// Every message.
    #[must_use]
    pub fn lines(&self) -> &[CompatibilityLine] {
        &self.lines
    }

    /// The messages that can be sent.
    pub fn present(&self) -> impl Iterator<Item = &CompatibilityLine> {
        self.having(|presence| presence == Presence::Present)
    }

    /// The messages that cannot be sent.
    pub fn missing(&self) -> impl Iterator<Item = &CompatibilityLine> {
        self.having(|presence| presence != Presence::Present)
    }

    /// The messages that VPP does not have under any CRC: it is another release, or the
    /// message's plugin is not loaded.
    pub fn absent(&self) -> impl Iterator<Item = &CompatibilityLine> {
        self.having(|presence| presence == Presence::Absent)
    }

    /// The messages that VPP has with another CRC: it is another release.
    pub fn conflicts(&self) -> impl Iterator<Item = &CompatibilityLine> {
        self.having(|presence| matches!(presence, Presence::OtherCrc { .. }))
    }

    fn having(&self, is: impl Fn(Presence) -> bool) -> impl Iterator<Item = &CompatibilityLine> {
        self.lines.iter().filter(move |line| is(line.presence))
    }

    /// What VPP has of the message `name`, if it was asked for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Presence> {
        let line = self.lines.iter().find(|line| line.name == name)?;
        Some(line.presence)
    }
}

/// One line per message that cannot be sent, or one line that says all can.
impl fmt::Display for Compatibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_complete() {
            return write!(f, "all {} messages fit", self.lines.len());
        }
        let mut separator = "";
        for line in self.missing() {
            write!(f, "{separator}{line}")?;
            separator = "\n";
        }
        Ok(())
    }
}

/// What VPP has of the message.
impl fmt::Display for CompatibilityLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, crc, .. } = self;
        match self.presence {
            Presence::Present => write!(f, "{name}: fits"),
            Presence::Absent => write!(f, "{name}: this VPP does not have it"),
            Presence::OtherCrc { vpp } => write!(
                f,
                "{name}: this program has CRC {crc:08x}, VPP has {vpp:08x}"
            ),
        }
    }
}
