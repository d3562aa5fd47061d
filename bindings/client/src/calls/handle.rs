use std::sync::Arc;

use crate::shared::Shared;

/// Keeps the connection open. The connection closes after the last handle is dropped and
/// everything in flight is answered.
pub(crate) struct Handle {
    shared: Arc<Shared>,
}

impl Handle {
    pub(crate) fn new(shared: &Arc<Shared>) -> Arc<Self> {
        let shared = Arc::clone(shared);
        Arc::new(Self { shared })
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.with(|inner| inner.note_clients_dropped());
    }
}
