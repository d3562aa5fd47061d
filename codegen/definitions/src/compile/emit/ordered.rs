use std::collections::HashMap;

/// An object as Python has it: a key that is set again keeps its place.
#[derive(Debug, Default)]
pub struct Ordered<V> {
    all: Vec<(String, V)>,
    places: HashMap<String, usize>,
}

impl<V> Ordered<V> {
    pub fn set(&mut self, key: &str, value: V) {
        match self.places.get(key).and_then(|at| self.all.get_mut(*at)) {
            Some((_, known)) => *known = value,
            None => {
                self.places.insert(key.to_owned(), self.all.len());
                self.all.push((key.to_owned(), value));
            }
        }
    }

    pub fn into_entries(self) -> Vec<(String, V)> {
        self.all
    }
}
