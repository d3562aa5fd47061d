//! Checks unions with a discriminator: `[discriminator=…]` and `[case=…]`.

use std::collections::HashSet;

use super::checker::Checker;
use super::types::TypeKind;
use crate::compile::diagnostic::Fault;
use crate::compile::rule::Rule;
use crate::compile::syntax::ast::{Block, Enum, Field, FieldOption, Value};

impl Checker<'_> {
    /// Checks the discriminators of a message, struct or union.
    pub fn discriminators(&self, block: &Block) -> Result<(), Fault> {
        let fields: Vec<&Field> = block.fields().collect();
        for (at, field) in fields.iter().enumerate() {
            if let Some(option) = field.option("discriminator") {
                let earlier = fields.get(..=at).unwrap_or_default();
                let of = self.discriminator(earlier, option)?;
                self.arms(field, of)?;
            }
        }
        Ok(())
    }

    /// Returns the enum of the discriminator.
    fn discriminator(&self, earlier: &[&Field], option: &FieldOption) -> Result<&Enum, Fault> {
        let mut scalars = earlier.iter().rev();
        let sibling = scalars.find(|field| {
            let is_named = option.value == Value::Text(field.name.text.clone());
            is_named && field.array().is_none()
        });
        let sibling = sibling.ok_or_else(|| {
            let message = "the discriminator is not a field before the union";
            Fault::new(Rule::DiscriminatorField, option.span, message)
        })?;
        match self.types.get(&sibling.ty.text).and_then(|ty| ty.kind()) {
            Some(TypeKind::Enum(of)) => Ok(of),
            _ => {
                let (name, ty) = (&sibling.name.text, &sibling.ty.text);
                let message =
                    format!("the type `{ty}` of the discriminator `{name}` is not an enum");
                Err(Fault::new(Rule::DiscriminatorEnum, option.span, message))
            }
        }
    }

    fn arms(&self, field: &Field, of: &Enum) -> Result<(), Fault> {
        let ty = self.types.get(&field.ty.text);
        let Some((ty, TypeKind::Union(union))) = ty.and_then(|ty| Some((ty, ty.kind()?))) else {
            let message = format!("`{}` is not a union", field.ty.text);
            let span = field.ty.span;
            return Err(Fault::new(Rule::DiscriminatorUnion, span, message));
        };
        let cases: HashSet<&str> = of.values.iter().map(|one| one.name.text.as_str()).collect();
        let mut seen = HashSet::new();
        for arm in union.fields() {
            // The arm and the field can be in different files.
            let fault = |rule, span, message: String| {
                let user = format!("field `{}` has a discriminator", field.name.text);
                let fault = Fault::new(rule, span, message).note(user);
                Err(fault.within(&ty.file.source))
            };
            let option = match arm.option("case") {
                Some(option) if option.value != Value::None => option,
                _ => {
                    let (arm_name, union) = (&arm.name, &union.name.text);
                    let message = format!("arm `{}` of `{union}` has no case", arm_name.text);
                    return fault(Rule::MissingCase, arm_name.span, message);
                }
            };
            let Value::Text(case) = &option.value else {
                let message = "the case is not a name".to_owned();
                return fault(Rule::UnknownCase, option.span, message);
            };
            if !cases.contains(case.as_str()) {
                let of = &of.name.text;
                let message = format!("the case `{case}` is not in enum `{of}`");
                return fault(Rule::UnknownCase, option.span, message);
            }
            if !seen.insert(case) {
                let message = format!("another arm already has the case `{case}`");
                return fault(Rule::RepeatedCase, option.span, message);
            }
        }
        Ok(())
    }
}
