use std::fmt;

use serde_json::{Value, json};

use super::{Fitness, Outcome, State};

/// For people: a line for the whole, then one a need, what is missing first.
impl fmt::Display for Fitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let socket = self.vpp.socket.display();
        let is_missing = |outcome: &&Outcome| outcome.state != State::Present;
        let all = self.required().count();
        let missing = self.required().filter(is_missing).count();
        write!(f, "VPP {} at {socket}: ", self.vpp.version)?;
        match missing {
            0 => write!(f, "fit, all {all} messages are there")?,
            missing => write!(f, "not fit, {missing} of {all} messages are missing")?,
        }
        match self.outcomes.iter().filter(is_missing).count() - missing {
            0 => {}
            optional => write!(
                f,
                "; {optional} that only some configurations need are missing"
            )?,
        }
        let mut outcomes: Vec<_> = self.outcomes.iter().collect();
        outcomes.sort_by_key(|outcome| outcome.state);
        let width = outcomes
            .iter()
            .map(|outcome| outcome.message.name.len())
            .max();
        let width = width.unwrap_or_default();
        for outcome in outcomes {
            let state = match outcome.state {
                State::Absent => "absent",
                State::OtherCrc => "other CRC",
                State::Present => "present",
            };
            let note = match &outcome.need.only_for {
                Some(only_for) => format!("{} (only for {only_for})", self.note(outcome)),
                None => self.note(outcome),
            };
            let note = note.trim_start();
            let name = &outcome.message.name;
            let line = format!("{state:<9}  {name:<width$}  {note}");
            write!(f, "\n{}", line.trim_end())?;
        }
        Ok(())
    }
}

impl Fitness {
    /// For tools: one object.
    #[must_use]
    pub fn json(&self) -> Value {
        let messages = self.outcomes.iter().map(|outcome| {
            let mut message = json!({
                "name": outcome.message.name,
                "state": outcome.state,
                "preferred": outcome.need.preferred.name,
            });
            let crcs = [
                ("crc", outcome.message.crc),
                ("vpp_crc", self.vpp_crc(outcome)),
            ];
            for (key, crc) in crcs {
                if let Some(crc) = crc {
                    message[key] = format!("{crc:08x}").into();
                }
            }
            if let Some(only_for) = &outcome.need.only_for {
                message["only_for"] = only_for.as_str().into();
            }
            if let Some(provider) = outcome.provider {
                message["module"] = provider.module.into();
                message["plugin"] = provider.plugin.into();
                message["newest_release"] = provider.release.into();
            }
            message
        });
        json!({
            "schema": 1,
            "socket": self.vpp.socket.display().to_string(),
            "version": self.vpp.version,
            "fit": self.is_fit(),
            "messages": messages.collect::<Vec<_>>(),
        })
    }

    fn vpp_crc(&self, outcome: &Outcome) -> Option<u32> {
        self.vpp.messages.get(&outcome.message.name).copied()
    }

    /// What there is to say about an outcome; nothing where all is well.
    fn note(&self, outcome: &Outcome) -> String {
        let preferred = &outcome.need.preferred.name;
        match outcome.state {
            State::Present if outcome.message.name != *preferred => {
                format!("in place of {preferred}, which this VPP lacks")
            }
            State::Present => String::new(),
            State::OtherCrc => {
                let hex = |crc: Option<u32>| crc.map_or("?".to_owned(), |crc| format!("{crc:08x}"));
                let (wanted, has) = (hex(outcome.message.crc), hex(self.vpp_crc(outcome)));
                format!(
                    "wanted {wanted}, VPP has {has}: generate the program's bindings for this VPP"
                )
            }
            State::Absent => self.why_absent(outcome),
        }
    }

    fn why_absent(&self, outcome: &Outcome) -> String {
        let Some(provider) = outcome.provider else {
            return "no VPP from v21.06 to v26.06 has it: a plugin of others, or a slip of the pen"
                .to_owned();
        };
        let (module, release) = (provider.module, provider.release);
        match provider.plugin {
            Some(plugin) if !outcome.has_module => {
                format!("{plugin} (module {module}) is not loaded")
            }
            _ => format!("the module {module} of this VPP does not have it, that of {release} has"),
        }
    }
}
