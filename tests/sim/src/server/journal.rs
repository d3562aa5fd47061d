use std::collections::VecDeque;

/// The number of requests that are kept.
const CAPACITY: usize = 65_536;

/// The names of the received requests, and the reasons of crashes.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    requests: VecDeque<&'static str>,
    total: u64,
    crashes: Vec<String>,
}

impl Journal {
    pub(crate) fn add_request(&mut self, name: &'static str) {
        if self.requests.len() == CAPACITY {
            self.requests.pop_front();
        }
        self.requests.push_back(name);
        self.total += 1;
    }

    pub(crate) fn add_crash(&mut self, reason: String) {
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
