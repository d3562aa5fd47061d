//! Tests of the segment: they read the bytes of the memfd as a client does.
