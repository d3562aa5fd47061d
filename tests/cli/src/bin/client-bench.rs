//! How close the client comes to a program that only moves the same bytes.
fn main() {}
