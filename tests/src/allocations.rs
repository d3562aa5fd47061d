//! Measures the peak memory of code.
//!
//! The measuring program installs the allocator:
//!
//! ```
//! use vpp_tests::allocations::{Counting, peak};
//!
//! #[global_allocator]
//! static ALLOCATOR: Counting = Counting;
//!
//! let (text, bytes) = peak(|| vec![0_u8; 1_000].len());
//! assert_eq!((text, bytes), (1_000, 1_000));
//! ```

#![allow(unsafe_code, reason = "the trait of allocators is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, extended to count the bytes of each thread.
#[derive(Debug, Clone, Copy)]
pub struct Counting;

thread_local! {
    // They neither allocate nor have a destructor, so the allocator can always use them.
    static HELD: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

fn add(size: usize) {
    let held = HELD.get().wrapping_add(size);
    HELD.set(held);
    // The number wraps if this thread frees what another thread allocated.
    if held <= isize::MAX.unsigned_abs() {
        PEAK.set(PEAK.get().max(held));
    }
}

fn remove(size: usize) {
    HELD.set(HELD.get().wrapping_sub(size));
}

// SAFETY: every call goes to `System` unchanged. `realloc` is the trait's default, which holds
// the old and the new block at once and so counts both.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller upholds the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        remove(layout.size());
        // SAFETY: `block` comes from `System` with this layout, because `alloc` passes both on.
        unsafe { System.dealloc(block, layout) }
    }
}

/// Runs `code` and returns its result and its peak memory on this thread, including the result.
/// The peak is 0 if [`Counting`] is not the program's allocator.
pub fn peak<T>(code: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.replace(0);
    let outer = PEAK.replace(0);
    let value = code();
    let peak = PEAK.get();
    HELD.set(before.wrapping_add(HELD.get()));
    PEAK.set(outer.max(before.saturating_add(peak)));
    (value, peak)
}
