//! The parser's cursor over tokens, and its recovery after an error.

use super::ast::Item;
use super::lexer::{Kind, Token, tokens};
use crate::compile::diagnostic::Fault;
use crate::compile::number::Number;
use crate::compile::rule::Rule;
use crate::compile::source::{Name, Source, Span};

pub struct Parser<'a> {
    source: &'a Source,
    tokens: Vec<Token>,
    at: usize,
}

pub type Parsed<T> = Result<T, Fault>;

/// Words that begin a definition and do not occur inside one.
const BEGINNINGS: &[&str] = &[
    "define", "typedef", "union", "enum", "enumflag", "import", "service",
];

impl<'a> Parser<'a> {
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            tokens: tokens(&source.text),
            at: 0,
        }
    }

    pub fn file(mut self) -> (Vec<Item>, Vec<Fault>) {
        let (mut items, mut faults) = (Vec::new(), Vec::new());
        while self.raw().kind != Kind::End {
            let first = self.at;
            match self.item() {
                Ok(item) => items.push(item),
                Err(fault) => {
                    faults.push(fault);
                    let name = self.name_of(first);
                    items.push(Item::Broken { name });
                    self.recover(first);
                }
            }
        }
        if items.is_empty() {
            let message = "the file has no definition and no comment";
            faults.push(Fault::new(Rule::UnexpectedEnd, self.raw().span, message));
        }
        (items, faults)
    }

    /// Returns the next token, comments included.
    pub fn raw(&self) -> &Token {
        // The last token is `End`; the cursor stays there.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    /// Takes the next token, which is a comment.
    pub fn comment(&mut self) -> Item {
        let span = self.raw().span;
        self.at += 1;
        Item::Comment(span)
    }

    /// Returns the next token, and skips comments before it: comments inside an item have no
    /// meaning.
    pub fn peek(&mut self) -> &Token {
        while self.raw().kind == Kind::Comment {
            self.at += 1;
        }
        self.raw()
    }

    /// Returns the token after the next one.
    pub fn peek_second(&mut self) -> &Token {
        self.peek();
        let following = self.tokens.iter().skip(self.at + 1);
        let mut following = following.filter(|token| token.kind != Kind::Comment);
        following.next().unwrap_or(self.raw())
    }

    pub fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    pub fn is(&mut self, punctuation: char) -> bool {
        self.peek().kind == Kind::Punctuation(punctuation)
    }

    pub fn eat(&mut self, punctuation: char) -> bool {
        let found = self.is(punctuation);
        self.at += usize::from(found);
        found
    }

    pub fn expect(&mut self, punctuation: char) -> Parsed<Span> {
        if self.is(punctuation) {
            return Ok(self.advance().span);
        }
        Err(self.unexpected(&format!("`{punctuation}`")))
    }

    /// Takes the next token if it is one of `words`.
    pub fn eat_word(&mut self, words: &[&str]) -> Option<(&'static str, Span)> {
        match self.peek().kind {
            Kind::Word(word) if words.contains(&word) => Some((word, self.advance().span)),
            _ => None,
        }
    }

    pub fn expect_word(&mut self, word: &str) -> Parsed<Span> {
        match self.eat_word(&[word]) {
            Some((_, span)) => Ok(span),
            None => Err(self.unexpected(&format!("`{word}`"))),
        }
    }

    /// Takes a name that is not a reserved word.
    pub fn name(&mut self, what: &str) -> Parsed<Name> {
        if self.peek().kind == Kind::Name {
            return Ok(self.any_name());
        }
        Err(self.unexpected(what))
    }

    /// Takes the next token of any kind as a name.
    pub fn any_name(&mut self) -> Name {
        let span = self.advance().span;
        Name {
            text: self.source.slice(span).to_owned(),
            span,
        }
    }

    pub fn text(&mut self, what: &str) -> Parsed<Name> {
        if let Kind::Text(text) = &self.peek().kind {
            let text = text.clone();
            let span = self.advance().span;
            return Ok(Name { text, span });
        }
        Err(self.unexpected(what))
    }

    pub fn number(&mut self) -> Option<(Number, Span)> {
        match self.peek().kind {
            Kind::Number(number) => Some((number, self.advance().span)),
            _ => None,
        }
    }

    /// Returns the error that the next token is not `wanted`.
    pub fn unexpected(&mut self, wanted: &str) -> Fault {
        let Token { kind, span } = self.peek().clone();
        let text = self.source.slice(span);
        let is_in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let following = self.source.text.get(span.end..).unwrap_or_default();
        match kind {
            Kind::Bad(rule) => bad(rule, span, text),
            Kind::End => {
                let message = format!("expected {wanted}, found the end of the file");
                Fault::new(Rule::UnexpectedEnd, span, message)
            }
            Kind::False if following.starts_with(is_in_word) => {
                let end = following.find(|c| !is_in_word(c));
                let end = end.unwrap_or(following.len());
                let span = Span::new(span.start, span.end + end);
                let message = format!("`{}` begins with `false`", self.source.slice(span));
                Fault::new(Rule::FalsePrefix, span, message)
                    .note("VPP's tool splits such a word after `false`")
            }
            Kind::Word(_) | Kind::False if wanted.ends_with("name") => {
                let message = format!("expected {wanted}, found the reserved word `{text}`");
                Fault::new(Rule::ReservedWord, span, message)
            }
            _ => {
                let message = format!("expected {wanted}, found `{text}`");
                Fault::new(Rule::UnexpectedToken, span, message)
            }
        }
    }

    /// Returns the name of the item that begins at token `first`, if it was read.
    fn name_of(&self, first: usize) -> Option<String> {
        let read = self.tokens.get(first..=self.at.min(self.tokens.len() - 1));
        let mut words = read.unwrap_or_default().iter();
        words.find(|token| matches!(token.kind, Kind::Word(word) if BEGINNINGS.contains(&word)))?;
        let mut names = words.filter(|token| token.kind != Kind::Comment);
        let name = names.next().filter(|token| token.kind == Kind::Name)?;
        Some(self.source.slice(name.span).to_owned())
    }

    /// Skips the item that begins at token `first`: to its `;` outside of braces, or to a word
    /// that begins an item at the start of a line.
    fn recover(&mut self, first: usize) {
        let mut depth = 0_usize;
        for at in first..self.tokens.len() - 1 {
            let token = &self.tokens[at];
            let read = at < self.at;
            match token.kind {
                Kind::Punctuation('{') => depth += 1,
                Kind::Punctuation('}') => depth = depth.saturating_sub(1),
                Kind::Punctuation(';') if depth == 0 && !read => {
                    self.at = at + 1;
                    return;
                }
                Kind::Word(word)
                    if at > first
                        && !read
                        && BEGINNINGS.contains(&word)
                        && self.source.begins_line(token.span.start) =>
                {
                    self.at = at;
                    return;
                }
                _ => {}
            }
        }
        self.at = self.tokens.len() - 1;
    }
}

fn bad(rule: Rule, span: Span, text: &str) -> Fault {
    match rule {
        Rule::UnterminatedComment => Fault::new(rule, span, "the comment does not end"),
        Rule::UnterminatedString => Fault::new(rule, span, "the string does not end on its line"),
        Rule::Number => {
            let message = format!("`{text}` is not a valid number");
            Fault::new(rule, span, message).note(
                "a number is decimal, or hexadecimal with the prefix `0x`, with at most 127 bits",
            )
        }
        _ => {
            let message = format!("the character {text:?} is not allowed here");
            Fault::new(rule, span, message)
        }
    }
}
