//! Names and paths as tokens of a template.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Ident;
use vpp_definitions::RustPath;
pub use vpp_definitions::names::{Taken, constant_of_type};

/// Keywords of every edition that may compile the generated code.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// The identifier of a valid name.
pub fn ident(name: &str) -> Ident {
    if KEYWORDS.contains(&name) {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}

/// A Rust path in a template.
#[derive(Debug, Clone)]
pub struct Path<'a>(pub &'a RustPath);

impl ToTokens for Path<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let start = self.0.is_absolute().then(|| quote!(::));
        let segments = self.0.segments();
        let segments = segments.map(|segment| match segment.strip_prefix("r#") {
            Some(raw) => Ident::new_raw(raw, Span::call_site()),
            None => Ident::new(segment, Span::call_site()),
        });
        tokens.extend(quote!(#start #(#segments)::*));
    }
}

#[cfg(test)]
mod tests {
    use super::ident;

    #[test]
    fn keywords_are_raw_identifiers() {
        assert_eq!(ident("type").to_string(), "r#type");
        assert_eq!(ident("gen").to_string(), "r#gen");
        assert_eq!(ident("role").to_string(), "role");
    }
}
