use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Whether the path is the network namespace of this process.
///
/// A path that cannot be read is not: it may be gone, which DEL must accept, and ADD reports
/// it later.
#[must_use]
pub fn is_own(netns: &Path) -> bool {
    // In a thread that has left the namespace of the process, only the thread's own counts.
    let own = fs::metadata("/proc/thread-self/ns/net");
    match (own, fs::metadata(netns)) {
        (Ok(own), Ok(other)) => (own.dev(), own.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_namespace_is_recognised_by_any_path() {
        assert!(is_own(Path::new("/proc/self/ns/net")));
        assert!(!is_own(Path::new("/proc/self/ns/mnt")));
        assert!(!is_own(Path::new("/proc/self/ns/absent")));
    }
}
