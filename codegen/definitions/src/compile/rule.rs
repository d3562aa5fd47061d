use std::fmt;

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// A rule of the API language.
        ///
        /// VPP's own tool enforces the same rules and exits with an error if one is broken. The
        /// names are this project's.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $variant,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The rule's name in errors: `undefined-type`.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }
        }
    };
}

rules! {
    /// A file is UTF-8.
    Encoding = "encoding",
    /// A file contains only characters of tokens, spaces, tabs and line ends.
    IllegalCharacter = "illegal-character",
    /// A comment that begins with `/*` ends with `*/`.
    UnterminatedComment = "unterminated-comment",
    /// A string ends on the line where it begins.
    UnterminatedString = "unterminated-string",
    /// A number is decimal, or hexadecimal with the prefix `0x` (not `0X`), and has at most 127
    /// bits. The size is a limit of this compiler, VPP's tool has none.
    Number = "number",
    /// No word begins with `false`: `falsey` is two tokens, `false` and `y`.
    FalsePrefix = "false-prefix",
    /// Only a field can have a reserved word as its name.
    ReservedWord = "reserved-word",
    /// A file follows the grammar.
    UnexpectedToken = "unexpected-token",
    /// A file has at least one definition or comment, and its last definition is complete.
    UnexpectedEnd = "unexpected-end",
    /// A type is a scalar, or is defined before it is used, as `vl_api_<name>_t`.
    UndefinedType = "undefined-type",
    /// The count field of an array is a scalar field before the array.
    UnknownLengthField = "unknown-length-field",
    /// `typeonly` is a flag of types.
    TypeonlyDefine = "typeonly-define",
    /// The reply of a service is not its caller.
    ReplyIsCaller = "reply-is-caller",
    /// An imported file exists.
    MissingFile = "missing-file",
    /// An imported `.api.json` was written by VPP's tool.
    InstalledJson = "installed-json",
    /// The imported `.api.json` files are from the same release.
    InstalledRelease = "installed-release",
    /// No file imports itself, directly or indirectly.
    CircularImport = "circular-import",
    /// Imports are nested at most 200 deep and repeat at most a million definitions. These are
    /// limits of this compiler; VPP's tool runs out of stack or memory.
    ImportLimit = "import-limit",
    /// A type name is defined once.
    RedefinedType = "redefined-type",
    /// A field of variable size is the last one of its definition.
    VariableNotLast = "variable-not-last",
    /// An array without length is a string (from 26.06 on).
    MissingLength = "missing-length",
    /// A string is an array.
    ScalarString = "scalar-string",
    /// The name of a scalar field is not a Python keyword.
    PythonKeyword = "python-keyword",
    /// Only `backwards_compatible` enumerators follow a `backwards_compatible` enumerator.
    CompatibleNotLast = "compatible-not-last",
    /// A flag has at most one bit.
    FlagBits = "flag-bits",
    /// A flag is an integer.
    FlagFloat = "flag-float",
    /// Types do not contain options; messages can.
    OptionInType = "option-in-type",
    /// A message has fields.
    NoFields = "no-fields",
    /// The caller, reply and events of a service are messages of the same file.
    UnknownMessage = "unknown-message",
    /// The caller of a service is not the reply of a service.
    CallerIsReply = "caller-is-reply",
    /// A message `X_reply` has a message or service `X`.
    MissingRequest = "missing-request",
    /// A message `X_dump` has `X_details` or a service.
    MissingDetails = "missing-details",
    /// A message `X_details` has `X_dump`, or `X_get` with a service.
    MissingDump = "missing-dump",
    /// A message `X_get` has a service if `X_details` exists.
    MissingStream = "missing-stream",
    /// Any other message `X` has `X_reply` or a service.
    MissingReply = "missing-reply",
    /// A `discriminator` names a field before the union.
    DiscriminatorField = "discriminator-field",
    /// The type of a `discriminator` is an enum.
    DiscriminatorEnum = "discriminator-enum",
    /// The type of a field with a `discriminator` is a union.
    DiscriminatorUnion = "discriminator-union",
    /// Every arm of a union with a `discriminator` has a `case`.
    MissingCase = "missing-case",
    /// A `case` is an enumerator of the discriminator's enum.
    UnknownCase = "unknown-case",
    /// Two arms do not have the same `case`.
    RepeatedCase = "repeated-case",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
