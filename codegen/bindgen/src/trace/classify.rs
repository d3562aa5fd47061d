//! Which records of a trace a replay sends.

use vpp_definitions::model::{Kind, Message};

/// Messages that a replay never sends, with the reason.
const NEVER: [(&str, &str); 19] = [
    ("sockclnt_create", CONNECTION),
    ("sockclnt_delete", CONNECTION),
    ("memclnt_create", CONNECTION),
    ("memclnt_create_v2", CONNECTION),
    ("memclnt_delete", CONNECTION),
    ("memclnt_keepalive", CONNECTION),
    ("memclnt_keepalive_reply", CONNECTION),
    ("memclnt_read_timeout", INTERNAL),
    ("memclnt_rx_thread_suspend", INTERNAL),
    ("memclnt_rx_thread_exit", INTERNAL),
    ("rx_thread_exit", INTERNAL),
    ("rpc_call", INTERNAL),
    ("trace_plugin_msg_ids", INTERNAL),
    ("control_ping", PING),
    ("cli", "it contains pointers into the memory of its client"),
    ("sock_init_shm", DESCRIPTORS),
    ("app_attach", DESCRIPTORS),
    ("app_worker_add_del", DESCRIPTORS),
    ("selog_get_shm", DESCRIPTORS),
];

const CONNECTION: &str = "it belongs to the connection of its client";
const INTERNAL: &str = "VPP sends it to itself";
const PING: &str = "a ping follows each request of a replay";
const DESCRIPTORS: &str = "VPP answers with file descriptors outside of a frame";

/// The reason why a replay never sends a message.
pub fn never_sent(name: &str) -> Option<&'static str> {
    let found = NEVER.iter().find(|(never, _)| *never == name);
    found.map(|(_, reason)| *reason)
}

/// Whether clients send a message: it is answered or one-way, or it has the header of a request
/// and answers nothing.
pub fn is_request(message: &Message) -> bool {
    match message.kind {
        Kind::Passive => {
            let header = message.header;
            let is_answer = message.reply.is_some() || !message.answers.is_empty();
            header.client_index.is_some()
                && header.context.is_some()
                && !is_answer
                && message.event.is_none()
                && !["_reply", "_details", "_event"]
                    .iter()
                    .any(|end| message.name.ends_with(end))
        }
        _ => true,
    }
}
