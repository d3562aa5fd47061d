//! Errors of CNI plugins.

use std::fmt;

use serde_json::{Value, json};

/// The result of a function of this module.
pub type Result<T> = std::result::Result<T, Error>;

/// The error codes.
///
/// The specification reserves 0 to 99. Codes from 100 are specific to a plugin.
pub mod code {
    /// The configuration's `cniVersion` is not supported, or lacks the verb.
    pub const INCOMPATIBLE_VERSION: u32 = 1;
    /// The configuration has a value that this plugin does not support.
    pub const UNSUPPORTED_FIELD: u32 = 2;
    /// The container is unknown or was deleted. The runtime need not run DEL.
    pub const UNKNOWN_CONTAINER: u32 = 3;
    /// Environment variables are missing or invalid.
    pub const ENVIRONMENT: u32 = 4;
    /// Reading or writing failed.
    pub const IO: u32 = 5;
    /// The input is not valid JSON, or not the expected document.
    pub const DECODE: u32 = 6;
    /// The configuration is invalid.
    pub const CONFIG: u32 = 7;
    /// The network namespace is not usable. Defined by the Go library, not by the specification.
    pub const NETNS: u32 = 8;
    /// A transient condition; the runtime may try again.
    pub const TRY_AGAIN: u32 = 11;
    /// STATUS: the plugin cannot serve ADD.
    pub const NOT_AVAILABLE: u32 = 50;
    /// STATUS: the plugin cannot serve ADD, and existing containers may be impaired.
    pub const IMPAIRED: u32 = 51;
    /// VPP refused a request.
    pub const VPP: u32 = 100;
    /// A delegated plugin failed without printing an error as the specification requires.
    pub const DELEGATE: u32 = 101;
    /// CHECK found a difference.
    pub const DIFFERENT: u32 = 102;
    /// A bug of this program.
    pub const INTERNAL: u32 = 103;
}

/// A CNI error: a code, a message and details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    code: u32,
    msg: String,
    details: String,
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident = $code:ident;)*) => {
        impl Error {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name(msg: impl Into<String>) -> Self {
                    Self::new(code::$code, msg)
                }
            )*
        }
    };
}

constructors! {
    /// Code 1: the configuration's `cniVersion` is not supported, or lacks the verb.
    incompatible_version = INCOMPATIBLE_VERSION;
    /// Code 2: the configuration has a value that is not supported. `msg` names key and value.
    unsupported_field = UNSUPPORTED_FIELD;
    /// Code 3: the container is unknown or was deleted.
    unknown_container = UNKNOWN_CONTAINER;
    /// Code 4: environment variables are missing or invalid.
    environment = ENVIRONMENT;
    /// Code 5: reading or writing failed.
    io = IO;
    /// Code 6: the input is not valid JSON, or not the expected document.
    decode = DECODE;
    /// Code 7: the configuration is invalid.
    config = CONFIG;
    /// Code 8: the network namespace is not usable.
    netns = NETNS;
    /// Code 11: a transient condition.
    try_again = TRY_AGAIN;
    /// Code 50: the plugin cannot serve ADD.
    not_available = NOT_AVAILABLE;
    /// Code 51: the plugin cannot serve ADD, and existing containers may be impaired.
    impaired = IMPAIRED;
    /// Code 100: VPP refused a request.
    vpp = VPP;
    /// Code 101: a delegated plugin failed without printing an error as the specification requires.
    delegate = DELEGATE;
    /// Code 102: CHECK found a difference.
    different = DIFFERENT;
    /// Code 103: a bug of this program.
    internal = INTERNAL;
}

impl Error {
    /// Creates an error with one of the codes in [`code`].
    #[must_use]
    pub fn new(code: u32, msg: impl Into<String>) -> Self {
        Self {
            code,
            msg: msg.into(),
            details: String::new(),
        }
    }

    /// Sets the details: further facts, or what to do.
    #[must_use]
    pub fn with_details(mut self, details: impl Into<String>) -> Self {
        self.details = details.into();
        self
    }

    /// Appends to the details, for example a second failure during cleanup.
    #[must_use]
    pub fn and(mut self, details: impl fmt::Display) -> Self {
        if !self.details.is_empty() {
            self.details.push_str("; ");
        }
        self.details.push_str(&details.to_string());
        self
    }

    /// Prefixes the message with a context and a colon.
    #[must_use]
    pub fn during(mut self, context: impl fmt::Display) -> Self {
        self.msg = format!("{context}: {}", self.msg);
        self
    }

    /// Sets the code.
    #[must_use]
    pub fn with_code(mut self, code: u32) -> Self {
        self.code = code;
        self
    }

    /// Returns the code; see [`code`].
    #[must_use]
    pub fn code(&self) -> u32 {
        self.code
    }

    /// Returns the message.
    #[must_use]
    pub fn msg(&self) -> &str {
        &self.msg
    }

    /// Returns the details; may be empty.
    #[must_use]
    pub fn details(&self) -> &str {
        &self.details
    }

    /// Converts the error to the JSON that a plugin prints to stdout.
    ///
    /// `cni_version` is that of the configuration, even if it is not supported. The text "no such
    /// file or directory" is replaced, ignoring case: Multus treats a DEL that fails with it as
    /// done, and drops its cache of the network.
    #[must_use]
    pub fn to_json(&self, cni_version: &str) -> Value {
        let mut json = json!({
            "cniVersion": cni_version,
            "code": self.code,
            "msg": reword(&self.msg),
        });
        if !self.details.is_empty() {
            json["details"] = reword(&self.details).into();
        }
        json
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.msg)?;
        if !self.details.is_empty() {
            write!(f, "; {}", self.details)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Replaces the text that Multus searches for.
fn reword(text: &str) -> String {
    const TEXT: &str = "no such file or directory";
    const REPLACEMENT: &str = "the file does not exist";
    // ASCII lower case keeps all offsets.
    let lower = text.to_ascii_lowercase();
    let mut reworded = String::with_capacity(text.len());
    let mut copied = 0;
    for (start, found) in lower.match_indices(TEXT) {
        reworded.push_str(text.get(copied..start).unwrap_or_default());
        reworded.push_str(REPLACEMENT);
        copied = start + found.len();
    }
    reworded.push_str(text.get(copied..).unwrap_or_default());
    reworded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_version_of_the_configuration() {
        let error = Error::config("mtu 1 is too small").with_details("use 68 or more");
        let expected = json!({
            "cniVersion": "0.4.0", "code": 7, "msg": "mtu 1 is too small",
            "details": "use 68 or more"
        });
        assert_eq!(error.to_json("0.4.0"), expected);
        assert_eq!(error.to_string(), "mtu 1 is too small; use 68 or more");
    }

    #[test]
    fn details_are_absent_if_empty() {
        let json = Error::io("cannot read").to_json("1.1.0");
        assert_eq!(
            json,
            json!({"cniVersion": "1.1.0", "code": 5, "msg": "cannot read"})
        );
    }

    #[test]
    fn the_text_that_multus_searches_for_is_not_printed() {
        let text = "é: No such file or directory (os error 2), NO SUCH FILE OR DIRECTORY";
        let json = Error::io(text).with_details(text).to_json("1.0.0");
        let expected = "é: the file does not exist (os error 2), the file does not exist";
        assert_eq!(json["msg"], expected);
        assert_eq!(json["details"], expected);
    }
}
