//! The plugin, module and newest release of each message.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The origin of a message or module in VPP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provider {
    /// The newest release that contains it, such as `v26.06`.
    pub release: &'static str,
    /// The file name of the plugin, such as `memif_plugin.so`; `None` for VPP itself.
    pub plugin: Option<&'static str>,
    /// The module: the stem of the API file's name.
    pub module: &'static str,
}

#[derive(Default)]
struct Providers {
    of_messages: HashMap<&'static str, Provider>,
    of_modules: HashMap<&'static str, Provider>,
}

static PROVIDERS: LazyLock<Providers> = LazyLock::new(|| read(vpp_api_json::PROVIDERS));

/// Returns the origin of the message `name`, if a VPP release from v21.06 to v26.06 has it.
#[must_use]
pub fn provider(name: &str) -> Option<Provider> {
    PROVIDERS.of_messages.get(name).copied()
}

/// Returns the origin of the module `name`, if a VPP release from v21.06 to v26.06 has it.
#[must_use]
pub fn module_provider(name: &str) -> Option<Provider> {
    PROVIDERS.of_modules.get(name).copied()
}

fn read(text: &'static str) -> Providers {
    let mut providers = Providers::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((head, messages)) = line.split_once(": ") else {
            continue;
        };
        let mut words = head.split(' ');
        let (Some(release), Some(plugin), Some(module)) =
            (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let provider = Provider {
            release,
            plugin: (plugin != "core").then_some(plugin),
            module,
        };
        providers.of_modules.entry(module).or_insert(provider);
        let messages = messages.split(' ').map(|message| (message, provider));
        providers.of_messages.extend(messages);
    }
    providers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_with_their_plugin_and_release() {
        let memif = provider("memif_create_v2").unwrap();
        assert_eq!(memif.plugin, Some("memif_plugin.so"));
        assert_eq!((memif.module, memif.release), ("memif", "v26.06"));
        assert_eq!(provider("sw_interface_dump").unwrap().plugin, None);
        let tap = provider("tap_create_v3").unwrap();
        assert_eq!(tap.plugin, Some("tap_plugin.so"));
        assert_eq!(provider("avf_create").unwrap().release, "v25.10");
        assert_eq!(provider("make_coffee"), None);
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = vpp_api_json::PROVIDERS.lines();
        let lines: Vec<_> = lines.filter(|line| !line.starts_with('#')).collect();
        let names: usize = lines.iter().map(|line| line.split(' ').count() - 3).sum();
        assert_eq!(PROVIDERS.of_messages.len(), names);
    }
}
