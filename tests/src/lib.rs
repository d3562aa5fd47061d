//! Integration, snapshot and interop tests of the workspace.
