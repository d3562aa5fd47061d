use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use super::kinds;
use super::pools::Pools;

/// The objects that a trace has created, by the numbers that they had when it was recorded.
///
/// `T` is what a number is replaced with: the number in another VPP, or a name in a script.
pub struct Indices<T> {
    live: HashMap<(String, u32), Object<T>>,
    /// The replacements for the numbers of deleted objects. A request that uses one after the deletion
    /// must not reach another object, which could have the same number now.
    deleted: HashMap<(String, u32), Option<T>>,
    /// The numbers of objects by the arguments of their creation, for messages that delete an
    /// object by those.
    by_arguments: HashMap<u64, (String, u32)>,
    /// The latest objects, for messages that delete an object by some of the arguments.
    latest: VecDeque<(String, u32)>,
    pools: Pools,
    unexplained: BTreeSet<(String, u32)>,
}

/// How many of the latest objects are compared with a message that deletes by arguments.
const LATEST: usize = 1024;

struct Object<T> {
    /// `None` if its creation was refused now.
    now: Option<T>,
    subject: BTreeSet<String>,
    arguments: Map<String, Value>,
}

/// A request and its arguments.
#[derive(Debug, Clone)]
pub struct Request {
    pub name: String,
    pub arguments: Map<String, Value>,
}

impl Request {
    /// Whether the request adds: it has no `is_add`, or that is set.
    pub fn is_add(&self) -> bool {
        match self.arguments.get("is_add") {
            None => true,
            Some(Value::Bool(on)) => *on,
            Some(number) => number != 0,
        }
    }

    fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        kinds::subject(&self.name).hash(&mut hasher);
        for (name, value) in self.others() {
            (name, value.to_string()).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The arguments that a deletion repeats.
    fn others(&self) -> impl Iterator<Item = (&String, &Value)> {
        let is_repeated = |name: &str| name != "is_add" && !name.starts_with('_');
        self.arguments
            .iter()
            .filter(move |(name, _)| is_repeated(name))
    }
}

impl<T: Clone> Indices<T> {
    /// Starts with a VPP that has this number of interfaces.
    pub fn new(interfaces: u32) -> Self {
        Self {
            live: HashMap::new(),
            deleted: HashMap::new(),
            by_arguments: HashMap::new(),
            latest: VecDeque::new(),
            pools: Pools::new(interfaces),
            unexplained: BTreeSet::new(),
        }
    }

    /// The replacement for the number of an object. `None` if the trace has not created it, which
    /// [`unexplained`](Self::unexplained) reports then.
    pub fn resolve(&mut self, kind: &str, old: u32) -> Option<T> {
        if kinds::is_unset(kind, old) {
            return None;
        }
        let now = self.find(kind, old);
        // Clients choose most of these numbers, and no creation has to explain them.
        if self.known(kind, old).is_none() && !["bd_id", "table_id", "socket_id"].contains(&kind) {
            self.unexplained.insert((kind.to_owned(), old));
        }
        now
    }

    /// Like [`resolve`](Self::resolve), without a report.
    pub fn find(&self, kind: &str, old: u32) -> Option<T> {
        self.known(kind, old).cloned().flatten()
    }

    /// Whether this is the number of an object whose creation was refused now. A request that uses
    /// it would reach another object.
    pub fn is_refused(&self, kind: &str, old: u32) -> bool {
        matches!(self.known(kind, old), Some(None))
    }

    /// The replacement for the number of an object that the trace has created.
    fn known(&self, kind: &str, old: u32) -> Option<&Option<T>> {
        let key = (kind.to_owned(), old);
        let live = self.live.get(&key).map(|object| &object.now);
        live.or_else(|| self.deleted.get(&key))
    }

    /// Predicts the number that an object had when the trace was recorded.
    pub fn predict(&mut self, kind: &str, request: &Request) -> u32 {
        let subject = kinds::subject(&request.name);
        let owner: Vec<&str> = subject.iter().map(String::as_str).collect();
        self.pools.allocate(kind, &owner.join("_"))
    }

    /// Adds an object that a request has created.
    pub fn add(&mut self, kind: &str, old: u32, now: T, request: &Request) {
        self.insert(kind, old, Some(now), request);
    }

    /// Adds an object that a request created when the trace was recorded, and was refused now.
    pub fn refuse(&mut self, kind: &str, old: u32, request: &Request) {
        self.insert(kind, old, None, request);
    }

    fn insert(&mut self, kind: &str, old: u32, now: Option<T>, request: &Request) {
        let key = (kind.to_owned(), old);
        self.by_arguments.insert(request.hash(), key.clone());
        self.latest.push_front(key.clone());
        self.latest.truncate(LATEST);
        self.unexplained.remove(&key);
        let object = Object {
            now,
            subject: kinds::subject(&request.name),
            arguments: request
                .others()
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect(),
        };
        self.live.insert(key, object);
    }

    /// Removes the object that a request has deleted, if it deletes one. `numbers` are the
    /// numbers of objects in its own fields, as recorded.
    pub fn remove(&mut self, request: &Request, numbers: &[(String, u32)]) {
        let has_switch = request.arguments.contains_key("is_add");
        if !kinds::may_delete(&request.name) || (has_switch && request.is_add()) {
            return;
        }
        let subject = kinds::subject(&request.name);
        if subject.is_empty() {
            return;
        }
        let own = numbers.iter().find(|key| {
            let object = self.live.get(*key);
            object.is_some_and(|object| subject.is_subset(&object.subject))
        });
        let found = own
            .cloned()
            .or_else(|| self.by_arguments(request, &subject));
        let Some(key) = found else {
            return;
        };
        if let Some(object) = self.live.remove(&key) {
            let owner: Vec<&str> = object.subject.iter().map(String::as_str).collect();
            self.pools.free(&key.0, &owner.join("_"), key.1);
            self.deleted.insert(key, object.now);
        }
    }

    /// The object that a request deletes by the arguments with which it was created.
    fn by_arguments(&self, request: &Request, subject: &BTreeSet<String>) -> Option<(String, u32)> {
        let exact = self.by_arguments.get(&request.hash());
        if let Some(key) = exact.filter(|key| self.live.contains_key(*key)) {
            return Some(key.clone());
        }
        let matches = |key: &&(String, u32)| {
            let Some(object) = self.live.get(*key) else {
                return false;
            };
            let mut shared = 0;
            let is_same = request.others().all(|(name, value)| {
                let argument = object.arguments.get(name);
                shared += usize::from(argument.is_some());
                argument.is_none_or(|argument| argument == value)
            });
            subject.is_subset(&object.subject) && is_same && shared > 0
        };
        self.latest.iter().find(matches).cloned()
    }

    /// The numbers that no creation in the trace explains, by kind.
    pub fn unexplained(&self) -> BTreeMap<&str, Vec<u32>> {
        let mut all: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (kind, number) in &self.unexplained {
            all.entry(kind).or_default().push(*number);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(name: &str, arguments: Value) -> Request {
        Request {
            name: name.to_owned(),
            arguments: arguments.as_object().unwrap().clone(),
        }
    }

    #[test]
    fn deleted_number_is_given_to_the_next_object() {
        let mut indices = Indices::new(1);
        let create = request("create_loopback", json!({}));
        for now in [11, 12, 13] {
            let old = indices.predict("sw_if_index", &create);
            indices.add("sw_if_index", old, now, &create);
        }
        let own = ("sw_if_index".to_owned(), 2);
        let other = request("sw_interface_add_del_address", json!({"is_add": false}));
        indices.remove(&other, std::slice::from_ref(&own));
        assert_eq!(indices.resolve("sw_if_index", 2), Some(12));
        indices.remove(&request("delete_loopback", json!({})), &[own]);
        // Until the number is used again, it is that of the deleted object.
        assert_eq!(indices.resolve("sw_if_index", 2), Some(12));
        let old = indices.predict("sw_if_index", &create);
        indices.add("sw_if_index", old, 14, &create);
        assert_eq!(old, 2);
        assert_eq!(indices.resolve("sw_if_index", 2), Some(14));
        assert_eq!(indices.resolve("sw_if_index", 7), None);
        assert_eq!(indices.unexplained()["sw_if_index"], [7]);
    }

    #[test]
    fn number_of_a_refused_creation_stands_for_no_object_until_it_is_used_again() {
        let mut indices = Indices::new(1);
        let create = request("create_loopback", json!({}));
        let old = indices.predict("sw_if_index", &create);
        indices.refuse("sw_if_index", old, &create);
        assert!(indices.is_refused("sw_if_index", 1));
        assert_eq!(indices.resolve("sw_if_index", 1), None);
        assert!(indices.unexplained().is_empty());
        let own = ("sw_if_index".to_owned(), 1);
        indices.remove(&request("delete_loopback", json!({})), &[own]);
        assert!(indices.is_refused("sw_if_index", 1));
        assert_eq!(indices.predict("sw_if_index", &create), 1);
        indices.add("sw_if_index", 1, 9, &create);
        assert!(!indices.is_refused("sw_if_index", 1));
        assert_eq!(indices.resolve("sw_if_index", 1), Some(9));
    }

    #[test]
    fn object_is_deleted_by_the_arguments_of_its_creation() {
        let mut indices = Indices::new(1);
        for (now, vni) in [(5, 100), (6, 200)] {
            let add = request(
                "vxlan_add_del_tunnel_v3",
                json!({"is_add": true, "vni": vni}),
            );
            let old = indices.predict("sw_if_index", &add);
            indices.add("sw_if_index", old, now, &add);
        }
        let delete = request(
            "vxlan_add_del_tunnel_v3",
            json!({"is_add": false, "vni": 100}),
        );
        indices.remove(&delete, &[]);
        let live: Vec<_> = indices.live.keys().map(|(_, number)| *number).collect();
        assert_eq!(live, [2]);
    }

    #[test]
    fn object_is_deleted_by_some_of_the_arguments() {
        let mut indices = Indices::new(1);
        let create = request(
            "af_packet_create_v3",
            json!({"host_if_name": "veth0", "mode": 1}),
        );
        indices.add("sw_if_index", 1, 9, &create);
        let other = request("af_packet_delete", json!({"host_if_name": "veth1"}));
        indices.remove(&other, &[]);
        assert_eq!(indices.live.len(), 1);
        indices.remove(
            &request("af_packet_delete", json!({"host_if_name": "veth0"})),
            &[],
        );
        assert!(indices.live.is_empty());
    }
}
