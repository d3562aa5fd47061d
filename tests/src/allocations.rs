//! How much memory a piece of code holds at most.
//!
//! A program that measures installs the allocator:
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

/// The system's allocator, which also counts the bytes of each thread.
#[derive(Debug, Clone, Copy)]
pub struct Counting;

thread_local! {
    // Neither allocates nor has a destructor, so that the allocator can use them at any time.
    static HELD: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

fn add(size: usize) {
    let held = HELD.get().wrapping_add(size);
    HELD.set(held);
    // What another thread allocated and this one freed makes the number wrap.
    if held <= isize::MAX.unsigned_abs() {
        PEAK.set(PEAK.get().max(held));
    }
}

fn remove(size: usize) {
    HELD.set(HELD.get().wrapping_sub(size));
}

// SAFETY: every call is passed on to `System` unchanged. `realloc` is the trait's own, which
// holds the old and the new block at once and so counts both.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        remove(layout.size());
        // SAFETY: `block` is from `System` with this layout, as `alloc` passes both on.
        unsafe { System.dealloc(block, layout) }
    }
}

/// Runs `code` and returns the most bytes that it held at once on this thread, what it
/// returns included; 0 where [`Counting`] is not the program's allocator.
pub fn peak<T>(code: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.replace(0);
    let outer = PEAK.replace(0);
    let value = code();
    let peak = PEAK.get();
    HELD.set(before.wrapping_add(HELD.get()));
    PEAK.set(outer.max(before.saturating_add(peak)));
    (value, peak)
}
