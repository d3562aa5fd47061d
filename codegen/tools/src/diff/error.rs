/// What keeps two sets of definitions from being compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// Definitions that cannot be read or do not resolve.
    #[error(transparent)]
    Definitions(#[from] vpp_definitions::Error),
    /// A module was asked for that neither side has.
    #[error("module {0} is in neither of the definitions")]
    UnknownModule(String),
    /// A message is said to be used that neither side has.
    #[error("message {0} is in neither of the definitions")]
    UnknownMessage(String),
    /// A message is said to be used with CRCs that neither side has.
    #[error(
        "message {message} has CRC {listed} in the list and {defined} in the definitions: the list \
         is of another release than these; give the name without CRC to compare all the same"
    )]
    OtherCrc {
        /// The message's name.
        message: String,
        /// The CRCs in the list.
        listed: String,
        /// The CRCs that the definitions have.
        defined: String,
    },
}
