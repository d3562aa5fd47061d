use super::table::Row;
use super::{AddressRow, BridgeRow, InterfaceRow, MemifRow, SocketRow, VhostRow};

fn up_or_down(is_up: bool) -> String {
    if is_up { "up" } else { "down" }.to_owned()
}

fn yes_or_no(is_set: bool) -> String {
    if is_set { "yes" } else { "no" }.to_owned()
}

impl Row for InterfaceRow {
    const HEADINGS: &'static [&'static str] = &[
        "index", "name", "device", "admin", "link", "mac", "mtu", "tag",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.sw_if_index.to_string(),
            self.name.clone(),
            self.device.clone(),
            up_or_down(self.admin_up),
            up_or_down(self.link_up),
            self.mac.clone(),
            self.mtu.to_string(),
            self.tag.clone(),
        ]
    }
}

impl Row for SocketRow {
    const HEADINGS: &'static [&'static str] = &["id", "file"];

    fn cells(&self) -> Vec<String> {
        vec![self.id.to_string(), self.filename.clone()]
    }
}

impl Row for MemifRow {
    const HEADINGS: &'static [&'static str] = &[
        "index", "name", "socket", "id", "role", "mode", "ring", "buffer", "link",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.sw_if_index.to_string(),
            self.name.clone(),
            self.socket_id.to_string(),
            self.id.to_string(),
            self.role.clone(),
            self.mode.clone(),
            self.ring_size.to_string(),
            self.buffer_size.to_string(),
            up_or_down(self.link_up),
        ]
    }
}

impl Row for VhostRow {
    const HEADINGS: &'static [&'static str] =
        &["index", "name", "role", "file", "regions", "socket error"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.sw_if_index.to_string(),
            self.name.clone(),
            self.role.clone(),
            self.filename.clone(),
            self.regions.to_string(),
            self.socket_error.to_string(),
        ]
    }
}

impl Row for BridgeRow {
    const HEADINGS: &'static [&'static str] =
        &["id", "learn", "forward", "flood", "tag", "members"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            yes_or_no(self.learn),
            yes_or_no(self.forward),
            yes_or_no(self.flood),
            self.tag.clone(),
            self.members.join(" "),
        ]
    }
}

impl Row for AddressRow {
    const HEADINGS: &'static [&'static str] = &["index", "interface", "address"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.sw_if_index.to_string(),
            self.interface.clone(),
            self.address.clone(),
        ]
    }
}
