use serde_json::{Value, json};

use super::choice::Choice;
use super::network::Network;
use super::{Link, Memif, Side, Vhost};
use crate::cni::json::Object;

impl Side {
    /// The side in JSON, with every default written out. [`Side::parse`] reads it back.
    ///
    /// It contains the secret of a memif: it must not be written where others can read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = self.common();
        match &self.link {
            Link::Memif(memif) => {
                let mut object = self::memif(memif);
                let secret = memif.secret.as_ref().map(|it| it.expose().to_owned());
                insert(&mut object, "secret", secret);
                json.insert("memif".into(), object.into());
            }
            Link::Vhost(vhost) => {
                json.insert("vhost".into(), self::vhost(vhost).into());
            }
        }
        json.into()
    }

    /// As [`Side::to_json`], without the secret of a memif.
    #[must_use]
    pub fn to_public_json(&self) -> Value {
        let mut side = self.clone();
        if let Link::Memif(memif) = &mut side.link {
            memif.secret = None;
        }
        side.to_json()
    }

    /// The keys that do not depend on the kind of interface.
    fn common(&self) -> Object {
        let mut json = Object::new();
        json.insert("engine".into(), "vpp".into());
        json.insert("iftype".into(), self.link.if_type().as_str().into());
        json.insert("netType".into(), self.network.net_type().as_str().into());
        match self.network {
            Network::Bridge { id } => {
                json.insert("bridge".into(), json!({"bridgeName": id.to_string()}));
            }
            Network::Interface { table } if table != 0 => {
                json.insert("table".into(), table.into());
            }
            Network::Interface { .. } | Network::None => {}
        }
        insert(&mut json, "mac", self.mac.map(|it| it.to_string()));
        insert(&mut json, "mtu", self.mtu);
        insert(&mut json, "rxMode", self.rx_mode.map(Choice::as_str));
        json
    }
}

/// The object without the secret.
fn memif(memif: &Memif) -> Object {
    let mut json = Object::new();
    json.insert("role".into(), memif.role.as_str().into());
    json.insert("mode".into(), memif.mode.as_str().into());
    let file = memif.socket_file.as_ref().map(ToString::to_string);
    insert(&mut json, "socketfile", file);
    json.insert("socketType".into(), memif.socket_type.as_str().into());
    json.insert("id".into(), memif.id.into());
    json.insert("ringSize".into(), memif.ring_size.into());
    json.insert("bufferSize".into(), memif.buffer_size.into());
    json.insert("rxQueues".into(), memif.rx_queues.into());
    json.insert("txQueues".into(), memif.tx_queues.into());
    insert(&mut json, "group", memif.group.clone());
    insert(&mut json, "socketMode", memif.socket_mode.map(octal));
    json
}

fn vhost(vhost: &Vhost) -> Object {
    let mut json = Object::new();
    json.insert("mode".into(), vhost.mode.as_str().into());
    let file = vhost.socket_file.as_ref().map(ToString::to_string);
    insert(&mut json, "socketfile", file);
    insert(&mut json, "group", vhost.group.clone());
    insert(&mut json, "socketMode", vhost.socket_mode.map(octal));
    json.insert("gso".into(), vhost.gso.into());
    json.insert("packed".into(), vhost.packed.into());
    json
}

fn octal(mode: u32) -> String {
    format!("{mode:04o}")
}

fn insert(json: &mut Object, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        json.insert(key.to_owned(), value.into());
    }
}
