/// A file to write: generated source, or definitions.
#[derive(Debug)]
pub struct Generated {
    /// The file's path below the output folder, such as `memif.rs` or `core/ip.api.json`.
    pub name: String,
    /// Its text.
    pub text: String,
}
