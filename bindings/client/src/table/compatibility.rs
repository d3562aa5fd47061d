use std::fmt;

/// Whether the connected VPP has a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Presence {
    /// VPP has the message with the same CRC. It can be sent.
    Present,
    /// VPP does not have a message with this name.
    Absent,
    /// VPP has the message with another CRC.
    OtherCrc {
        /// The CRC that VPP has.
        vpp: u32,
    },
}

/// Which of a set of messages the connected VPP has, in the order of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompatibilityReport {
    messages: Vec<MessageCompatibility>,
}

/// One message of a [`CompatibilityReport`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageCompatibility {
    /// The message's name.
    pub name: String,
    /// The CRC of the message in this program.
    pub crc: u32,
    /// Whether VPP has it.
    pub presence: Presence,
}

impl CompatibilityReport {
    pub(crate) fn new<'a>(messages: impl Iterator<Item = (&'a str, u32, Presence)>) -> Self {
        let line = |(name, crc, presence): (&str, _, _)| MessageCompatibility {
            name: name.to_owned(),
            crc,
            presence,
        };
        Self {
            messages: messages.map(line).collect(),
        }
    }

    /// Whether every message can be sent.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }

    /// Every message.
    #[must_use]
    pub fn messages(&self) -> &[MessageCompatibility] {
        &self.messages
    }

    /// The messages that can be sent.
    pub fn present(&self) -> impl Iterator<Item = &MessageCompatibility> {
        self.filter(|presence| presence == Presence::Present)
    }

    /// The messages that cannot be sent.
    pub fn missing(&self) -> impl Iterator<Item = &MessageCompatibility> {
        self.filter(|presence| presence != Presence::Present)
    }

    /// The messages that VPP does not have with any CRC. Either VPP is another release, or a
    /// plugin is not loaded.
    pub fn absent(&self) -> impl Iterator<Item = &MessageCompatibility> {
        self.filter(|presence| presence == Presence::Absent)
    }

    /// The messages that VPP has with another CRC, because it is another release.
    pub fn conflicts(&self) -> impl Iterator<Item = &MessageCompatibility> {
        self.filter(|presence| matches!(presence, Presence::OtherCrc { .. }))
    }

    fn filter(&self, is: impl Fn(Presence) -> bool) -> impl Iterator<Item = &MessageCompatibility> {
        self.messages.iter().filter(move |line| is(line.presence))
    }

    /// Whether VPP has the message `name`, if it is in the set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Presence> {
        let line = self.messages.iter().find(|line| line.name == name)?;
        Some(line.presence)
    }
}

/// Prints one line per message that cannot be sent, or one line if all can be sent.
impl fmt::Display for CompatibilityReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_complete() {
            return write!(f, "VPP has all {} messages", self.messages.len());
        }
        let mut separator = "";
        for line in self.missing() {
            write!(f, "{separator}{line}")?;
            separator = "\n";
        }
        Ok(())
    }
}

/// Prints whether VPP has the message.
impl fmt::Display for MessageCompatibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, crc, .. } = self;
        match self.presence {
            Presence::Present => write!(f, "{name}: VPP has it"),
            Presence::Absent => write!(f, "{name}: this VPP does not have it"),
            Presence::OtherCrc { vpp } => write!(
                f,
                "{name}: this program has CRC {crc:08x}, VPP has {vpp:08x}"
            ),
        }
    }
}
