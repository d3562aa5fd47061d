use std::fmt;

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// A rule of the API language that a file can break.
        ///
        /// The names are this project's; the rules are those of VPP's own tool, which exits
        /// with an error on each.
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
    /// No character but those of tokens, space, tab and line ends.
    IllegalCharacter = "illegal-character",
    /// A comment that begins with `/*` ends.
    UnterminatedComment = "unterminated-comment",
    /// A string ends on its line.
    UnterminatedString = "unterminated-string",
    /// A number is decimal, or hexadecimal behind `0x` (not `0X`), and has at most 127 bits:
    /// a limit of this compiler, VPP's tool has none there.
    Number = "number",
    /// `false` ends where its letters end: `falsey` is two tokens.
    FalsePrefix = "false-prefix",
    /// A reserved word names nothing that is no field.
    ReservedWord = "reserved-word",
    /// The grammar.
    UnexpectedToken = "unexpected-token",
    /// A definition ends before its file does, and a file has a definition or a comment.
    UnexpectedEnd = "unexpected-end",
    /// A type is a scalar, or is defined before it is used, as `vl_api_<name>_t`.
    UndefinedType = "undefined-type",
    /// What counts an array is a scalar field before it.
    UnknownLengthField = "unknown-length-field",
    /// `typeonly` goes with types.
    TypeonlyDefine = "typeonly-define",
    /// The reply of a service is another message than its caller.
    ReplyIsCaller = "reply-is-caller",
    /// An imported file is there.
    MissingFile = "missing-file",
    /// An imported `.api.json` is one that VPP's tool wrote.
    InstalledJson = "installed-json",
    /// The `.api.json` files that a file imports are of one release.
    InstalledRelease = "installed-release",
    /// No file imports itself, directly or not.
    CircularImport = "circular-import",
    /// Imports nest at most 200 deep and repeat at most a million definitions: limits of this
    /// compiler; VPP's tool runs out of stack or of memory.
    ImportLimit = "import-limit",
    /// A type is defined once, whatever kind it has.
    RedefinedType = "redefined-type",
    /// What has a variable size is last in its block.
    VariableNotLast = "variable-not-last",
    /// An array without length is a string (from 26.06 on).
    MissingLength = "missing-length",
    /// A string is an array.
    ScalarString = "scalar-string",
    /// A scalar field is not called like a keyword of Python.
    PythonKeyword = "python-keyword",
    /// What follows a `backwards_compatible` enumerator is `backwards_compatible`.
    CompatibleNotLast = "compatible-not-last",
    /// A flag has one bit at most.
    FlagBits = "flag-bits",
    /// A flag is an integer.
    FlagFloat = "flag-float",
    /// Options stand in messages, not in types.
    OptionInType = "option-in-type",
    /// A message has fields.
    NoFields = "no-fields",
    /// A service's caller, reply and events are messages of its file.
    UnknownMessage = "unknown-message",
    /// A caller is no reply of a service.
    CallerIsReply = "caller-is-reply",
    /// A message `X_reply` has a message or service `X`.
    MissingRequest = "missing-request",
    /// A message `X_dump` has `X_details` or a service.
    MissingDetails = "missing-details",
    /// A message `X_details` has `X_dump`, or `X_get` with a service.
    MissingDump = "missing-dump",
    /// A message `X_get` beside `X_details` has a service.
    MissingStream = "missing-stream",
    /// Any other message `X` has `X_reply` or a service.
    MissingReply = "missing-reply",
    /// A `discriminator` is a field before the one that it is an option of.
    DiscriminatorField = "discriminator-field",
    /// A `discriminator` is a field of an enum's type.
    DiscriminatorEnum = "discriminator-enum",
    /// What has a `discriminator` is a union.
    DiscriminatorUnion = "discriminator-union",
    /// Every arm of a union with a `discriminator` has a `case`.
    MissingCase = "missing-case",
    /// A `case` is an enumerator of the discriminator's enum.
    UnknownCase = "unknown-case",
    /// No two arms have one `case`.
    RepeatedCase = "repeated-case",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
