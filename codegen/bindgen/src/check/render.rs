use std::fmt;

use serde_json::{Value, json};

use super::{CheckReport, Outcome, Presence};

/// A summary, then one line per need. Missing messages come first.
impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let socket = self.vpp.socket.display();
        let is_missing = |outcome: &&Outcome| outcome.presence != Presence::Present;
        let all = self.required().count();
        let missing = self.required().filter(is_missing).count();
        write!(f, "VPP {} at {socket}: ", self.vpp.version)?;
        match missing {
            0 => write!(f, "fit, all {all} messages are present")?,
            missing => write!(f, "not fit, {missing} of {all} messages are missing")?,
        }
        match self.outcomes.iter().filter(is_missing).count() - missing {
            0 => {}
            optional => write!(f, "; missing for some configurations: {optional}")?,
        }
        let mut outcomes: Vec<_> = self.outcomes.iter().collect();
        outcomes.sort_by_key(|outcome| outcome.presence);
        let width = outcomes
            .iter()
            .map(|outcome| outcome.message.name.len())
            .max();
        let width = width.unwrap_or_default();
        for outcome in outcomes {
            let presence = match outcome.presence {
                Presence::Absent => "absent",
                Presence::OtherCrc => "other CRC",
                Presence::Present => "present",
            };
            let note = match &outcome.need.only_for {
                Some(only_for) => format!("{} (only for {only_for})", self.note(outcome)),
                None => self.note(outcome),
            };
            let note = note.trim_start();
            let name = &outcome.message.name;
            let line = format!("{presence:<9}  {name:<width$}  {note}");
            write!(f, "\n{}", line.trim_end())?;
        }
        Ok(())
    }
}

impl CheckReport {
    /// The report as a JSON object, for tools.
    #[must_use]
    pub fn json(&self) -> Value {
        let messages = self.outcomes.iter().map(|outcome| {
            let mut message = json!({
                "name": outcome.message.name,
                "state": outcome.presence,
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

    /// The remark on an outcome; empty if there is none.
    fn note(&self, outcome: &Outcome) -> String {
        let preferred = &outcome.need.preferred.name;
        match outcome.presence {
            Presence::Present if outcome.message.name != *preferred => {
                format!("instead of {preferred}, which this VPP lacks")
            }
            Presence::Present => String::new(),
            Presence::OtherCrc => {
                let hex = |crc: Option<u32>| crc.map_or("?".to_owned(), |crc| format!("{crc:08x}"));
                let (wanted, has) = (hex(outcome.message.crc), hex(self.vpp_crc(outcome)));
                format!(
                    "expected {wanted}, VPP has {has}: generate the program's bindings for this VPP"
                )
            }
            Presence::Absent => self.absence_reason(outcome),
        }
    }

    fn absence_reason(&self, outcome: &Outcome) -> String {
        let Some(provider) = outcome.provider else {
            return "no VPP from v21.06 to v26.06 has it: an external plugin, or a typo".to_owned();
        };
        let (module, release) = (provider.module, provider.release);
        match provider.plugin {
            Some(plugin) if !outcome.has_module => {
                format!("{plugin} (module {module}) is not loaded")
            }
            _ => format!("module {module} of this VPP lacks it, that of {release} has it"),
        }
    }
}
