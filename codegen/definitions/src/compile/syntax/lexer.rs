//! Text to tokens.

use super::token::{Kind, RESERVED, Token};
use crate::compile::number::Number;
use crate::compile::rule::Rule;
use crate::compile::source::Span;

/// All tokens of a text, comments among them, and [`Kind::End`].
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 6);
    let mut at = 0;
    while let Some(first) = text.as_bytes().get(at) {
        if matches!(first, b' ' | b'\t' | b'\n') {
            at += 1;
            continue;
        }
        let (kind, length) = token(&text[at..]);
        let span = Span::new(at, at + length);
        tokens.push(Token { kind, span });
        at += length;
    }
    tokens.push(Token {
        kind: Kind::End,
        span: Span::new(text.len(), text.len()),
    });
    tokens
}

/// The token that `rest` begins with, and its length.
///
/// `false` comes first and takes its letters off whatever they begin; the tool's rule for
/// `true` never applies, so that `true` is a word like any other.
fn token(rest: &str) -> (Kind, usize) {
    if rest.starts_with("false") {
        return (Kind::False, "false".len());
    }
    let mut chars = rest.chars();
    let first = chars.next().unwrap_or_default();
    match (first, chars.next()) {
        ('0'..='9', _) | ('-', Some('0'..='9')) => number(rest),
        ('A'..='Z' | 'a'..='z' | '_', _) => {
            let end = rest.find(|c| !is_in_name(c)).unwrap_or(rest.len());
            let word = RESERVED.iter().find(|word| **word == &rest[..end]);
            (word.map_or(Kind::Name, |word| Kind::Word(word)), end)
        }
        ('"', _) => string(rest),
        ('/', Some('/')) => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        ('/', Some('*')) => match rest[2..].find("*/") {
            Some(end) => (Kind::Comment, end + 4),
            None => (Kind::Bad(Rule::UnterminatedComment), 2),
        },
        (':' | '{' | '}' | '[' | ']' | ';' | '=' | '.' | ',', _) => (Kind::Punctuation(first), 1),
        _ => (Kind::Bad(Rule::IllegalCharacter), first.len_utf8().max(1)),
    }
}

fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `0x` and hexadecimal digits, or decimal digits with an optional sign and fraction.
fn number(rest: &str) -> (Kind, usize) {
    let bad = Kind::Bad(Rule::Number);
    let digits = |text: &str, is_digit: fn(&char) -> bool| {
        text.find(|c| !is_digit(&c)).unwrap_or(text.len())
    };
    if let Some(behind) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let length = digits(behind, char::is_ascii_hexdigit);
        if length > 0 {
            let value = i128::from_str_radix(&behind[..length], 16).ok();
            let value = value.filter(|_| rest.starts_with("0x"));
            let kind = value.map_or(bad, |value| Kind::Number(Number::Int(value)));
            return (kind, length + 2);
        }
    }
    let sign = usize::from(rest.starts_with('-'));
    let mut end = sign + digits(&rest[sign..], char::is_ascii_digit);
    let is_float = rest[end..].starts_with('.');
    if is_float {
        end += 1;
        end += digits(&rest[end..], char::is_ascii_digit);
    }
    let text = &rest[..end];
    let value = if is_float {
        text.parse().ok().map(Number::Float)
    } else {
        text.parse().ok().map(Number::Int)
    };
    (value.map_or(bad, Kind::Number), end)
}

/// A string on one line, in which a backslash protects the next character. Its value is
/// the raw text less every quotation mark.
fn string(rest: &str) -> (Kind, usize) {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (Kind::Text(rest[..=at].replace('"', "")), at + 1),
            '\n' => break,
            '\\' if chars.next().is_some_and(|(_, next)| next != '\n') => {}
            '\\' => break,
            _ => {}
        }
    }
    (Kind::Bad(Rule::UnterminatedString), 1)
}
