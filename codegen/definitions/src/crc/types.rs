//! The types of a JSON document as far as CRCs depend on them.

use std::cell::RefCell;
use std::collections::HashMap;

use super::fold::Fold;
use super::text::Text;
use crate::names::defined_type;
use crate::schema::{Definition, EnumDefinition, Field, File};

/// The maximum depth of nested types. A deeper type is assumed to contain itself.
const DEPTH: usize = 200;

/// The number of last enumerators to leave out of each enum, by its name.
pub type Omitted<'a> = HashMap<&'a str, usize>;

/// The types of a document by name.
pub struct TypeTable<'a> {
    types: HashMap<&'a str, Type<'a>>,
    /// The computed texts of enums, by name and number of omitted enumerators.
    enums: RefCell<HashMap<(&'a str, usize), Fold>>,
}

enum Type<'a> {
    Fields(Fold, &'a [Field]),
    Enum(&'a EnumDefinition),
    Alias(Fold),
}

impl<'a> TypeTable<'a> {
    pub fn of(file: &'a File) -> Self {
        let mut types = HashMap::new();
        for block in file.types.iter().chain(&file.unions) {
            let ty = Type::Fields(text(&block.fields), &block.fields);
            types.entry(block.name.as_str()).or_insert(ty);
        }
        for of in file.enums.iter().chain(&file.enumflags) {
            types.entry(of.name.as_str()).or_insert(Type::Enum(of));
        }
        for name in file.aliases.keys() {
            let ty = Type::Alias(Text::default().end());
            types.entry(name.as_str()).or_insert(ty);
        }
        Self {
            types,
            enums: RefCell::default(),
        }
    }

    /// The enum `name`.
    pub fn enumeration(&self, name: &str) -> Option<&'a EnumDefinition> {
        match self.types.get(name) {
            Some(Type::Enum(of)) => Some(of),
            _ => None,
        }
    }

    pub fn enums(&self) -> impl Iterator<Item = &'a EnumDefinition> {
        self.types.values().filter_map(|ty| match ty {
            Type::Enum(of) => Some(*of),
            _ => None,
        })
    }

    /// Computes the CRC of a message without the omitted enumerators.
    ///
    /// Returns also the names of the enums that it depends on, sorted. Returns `None` if a type
    /// is not defined or contains itself.
    pub fn crc(
        &self,
        message: &'a Definition,
        omitted: &Omitted<'a>,
    ) -> Option<(u32, Vec<&'a str>)> {
        let mut known = HashMap::new();
        let fields = without_id(message);
        let fold = self.fields(text(fields), fields, omitted, &mut known, 0)?;
        let mut enums: Vec<&str> = known.into_keys().collect();
        enums.retain(|name| self.enumeration(name).is_some());
        enums.sort_unstable();
        Some((fold.crc(), enums))
    }

    fn fields(
        &self,
        own: Fold,
        fields: &'a [Field],
        omitted: &Omitted<'a>,
        known: &mut HashMap<&'a str, Fold>,
        depth: usize,
    ) -> Option<Fold> {
        let mut fold = own;
        for field in fields {
            let Some(name) = defined_type(&field.type_name) else {
                continue;
            };
            let used = match known.get(name) {
                Some(used) => *used,
                None if depth > DEPTH => return None,
                None => {
                    let (name, used) = match self.types.get_key_value(name)? {
                        (name, Type::Alias(own)) => (*name, *own),
                        (name, Type::Enum(of)) => (*name, self.enum_text(of, omitted)),
                        (name, Type::Fields(own, fields)) => {
                            (*name, self.fields(*own, fields, omitted, known, depth + 1)?)
                        }
                    };
                    known.insert(name, used);
                    used
                }
            };
            fold = fold.then(used);
        }
        Some(fold)
    }

    fn enum_text(&self, of: &'a EnumDefinition, omitted: &Omitted<'a>) -> Fold {
        let omitted = omitted.get(of.name.as_str()).copied().unwrap_or_default();
        let mut enums = self.enums.borrow_mut();
        let fold = enums.entry((&of.name, omitted)).or_insert_with(|| {
            let mut text = Text::default();
            let kept = of.values.len().saturating_sub(omitted);
            for (name, value) in of.values.iter().take(kept) {
                text.enumerator(name, value);
            }
            text.end()
        });
        *fold
    }
}

/// The fields of a message without `_vl_msg_id`, which only the JSON has.
fn without_id(message: &Definition) -> &[Field] {
    match message.fields.as_slice() {
        [first, rest @ ..] if first.name == "_vl_msg_id" => rest,
        all => all,
    }
}

fn text(fields: &[Field]) -> Fold {
    let mut text = Text::default();
    for field in fields {
        let (ty, name) = (&field.type_name, &field.name);
        match field.length {
            None => text.field(ty, name),
            Some(length) => text.array(ty, name, length, field.count.as_deref()),
        }
    }
    text.end()
}

/// Parses the CRC of a message. The JSON leaves out a CRC of zero.
pub fn recorded_crc(message: &Definition) -> Option<u32> {
    match &message.meta.crc {
        None => Some(0),
        Some(crc) => u32::from_str_radix(crc.strip_prefix("0x")?, 16).ok(),
    }
}
