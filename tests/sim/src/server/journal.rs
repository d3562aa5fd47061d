use std::collections::VecDeque;

/// How many requests are remembered.
const ROOM: usize = 65_536;

/// The names of the requests that came, and what killed VPP.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    requests: VecDeque<&'static str>,
    total: u64,
    crashes: Vec<String>,
}

impl Journal {
    pub(crate) fn request(&mut self, name: &'static str) {
        if self.requests.len() == ROOM {
            self.requests.pop_front();
        }
        self.requests.push_back(name);
        self.total += 1;
    }

    pub(crate) fn crash(&mut self, reason: String) {
        self.crashes.push(reason);
    }

    pub(crate) fn requests(&self) -> Vec<&'static str> {
        self.requests.iter().copied().collect()
    }

    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    pub(crate) fn clear_requests(&mut self) {
        self.requests.clear();
    }

    pub(crate) fn crashes(&self) -> &[String] {
        &self.crashes
    }
}
