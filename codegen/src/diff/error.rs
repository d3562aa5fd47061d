/// What keeps two sets of definitions from being compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// Definitions that cannot be read or do not resolve.
    #[error(transparent)]
    Definitions(#[from] crate::Error),
    /// A module was asked for that neither side has.
    #[error("module {0} is in neither of the definitions")]
    UnknownModule(String),
    /// A message is said to be used that neither side has.
    #[error("message {0} is in neither of the definitions")]
    UnknownMessage(String),
}
