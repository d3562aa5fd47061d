//! Which enumerators of JSON's enums count in CRCs.

use std::collections::{BTreeMap, HashSet};

use super::checked::{Assumed, Checked};
use super::types::{Shape, Type};
use crate::compile::evidence::Evidence;
use crate::compile::number::Number;
use crate::compile::syntax::ast::{Block, Enum, Item};
use crate::crc::Marks;

impl Checked {
    /// What is known of the enums of JSON that messages depend on, and of which nothing is.
    pub fn prove(&self, evidence: &Evidence) -> (Marks, Vec<Assumed>) {
        let (mut marks, mut assumed) = (Marks::new(), Vec::new());
        let mut known = BTreeMap::new();
        for message in &self.messages {
            let item = message.item.and_then(|at| self.file.items.get(at));
            let Some(Item::Define(block)) = item else {
                continue;
            };
            let mut enums = Vec::new();
            self.enums(block, &mut HashSet::new(), &mut enums);
            for (of, ty) in enums {
                let name = &of.name.text;
                let proof = known
                    .entry(name)
                    .or_insert_with(|| evidence.marked(name, &values(of, ty)));
                match proof {
                    Some(marked) if marked.is_empty() => {}
                    Some(marked) => {
                        marks.insert(name.clone(), marked.clone());
                    }
                    None => assumed.push(Assumed {
                        message: message.name.text.clone(),
                        enumeration: name.clone(),
                        file: ty.file.source.path.clone(),
                    }),
                }
            }
        }
        (marks, assumed)
    }

    /// The enums of JSON that fields of a definition depend on, each once.
    fn enums<'a>(
        &'a self,
        block: &'a Block,
        seen: &mut HashSet<&'a str>,
        enums: &mut Vec<(&'a Enum, &'a Type)>,
    ) {
        for field in block.fields() {
            let Some(ty) = self.types.get(&field.ty.text) else {
                continue;
            };
            if !seen.insert(&field.ty.text) {
                continue;
            }
            match ty.shape() {
                Some(Shape::Struct(block) | Shape::Union(block)) => self.enums(block, seen, enums),
                Some(Shape::Enum(of)) if ty.is_installed() => enums.push((of, ty)),
                _ => {}
            }
        }
    }
}

/// An enum as JSON has it: its values are integers.
fn values(of: &Enum, ty: &Type) -> Vec<(String, i128)> {
    let values = of.values.iter().zip(&ty.facts.values);
    let values = values.filter_map(|(one, value)| match value {
        Number::Int(value) => Some((one.name.text.clone(), *value)),
        Number::Float(_) => None,
    });
    values.collect()
}
