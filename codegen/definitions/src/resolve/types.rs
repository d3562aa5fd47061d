//! Completes types, each after the types of its fields.

use std::collections::BTreeMap;

use super::fields::{self, LookUp};
use super::outline::{ModuleOutline, Outline, TypeOutline};
use super::scope::Scope;
use super::{derives, fingerprints};
use crate::Error;
use crate::docs;
use crate::error::Problem;
use crate::model::{
    Constant, Enum, Field, Found, Role, Scalar, Shape, Size, Special, Type, TypeDef, TypeId,
    TypeShape,
};
use crate::names;
use crate::overlay::Docs;
use crate::schema::{Alias, EnumDefinition};

/// The largest depth of nested types. VPP 26.06 has seven levels. The passes and the codecs
/// recurse into types, and their stack is limited.
const MOST_NESTED: usize = 64;

/// The types that are complete, and the definitions of the others.
pub struct Types<'a> {
    outline: &'a Outline<'a>,
    docs: &'a Docs,
    by_name: BTreeMap<&'a str, usize>,
    progress: Vec<Progress>,
    complete: Vec<TypeDef>,
    /// How many types are nested in each complete one, itself included.
    nested: Vec<usize>,
    /// How many types are being completed.
    level: usize,
}

#[derive(Clone, Copy)]
enum Progress {
    Unknown,
    Underway,
    Complete(TypeId),
}

impl<'a> Types<'a> {
    /// Completes all types.
    ///
    /// # Errors
    /// A name that is not an identifier, an unknown type, an enum that is not an integer on
    /// the wire, a missing count, a member of variable size where none is allowed, a type
    /// within itself, types that are nested too deeply.
    pub fn complete(outline: &'a Outline<'a>, docs: &'a Docs) -> Result<Self, Error> {
        let names = outline.types.iter().enumerate();
        let mut types = Self {
            outline,
            docs,
            by_name: names.map(|(place, ty)| (ty.name, place)).collect(),
            progress: vec![Progress::Unknown; outline.types.len()],
            complete: Vec::new(),
            nested: Vec::new(),
            level: 0,
        };
        for place in 0..outline.types.len() {
            types.complete_one(place)?;
        }
        Ok(types)
    }

    pub fn into_all(self) -> Vec<TypeDef> {
        self.complete
    }

    /// The types that a module owns, in the order of its file.
    pub fn of_module(&self, module: &ModuleOutline<'_>) -> Vec<TypeId> {
        let types = module.types.iter();
        let ids = types.filter_map(|place| match self.progress[*place] {
            Progress::Complete(id) => Some(id),
            Progress::Unknown | Progress::Underway => None,
        });
        ids.collect()
    }

    fn unknown(&self, name: &str, module: &ModuleOutline<'_>) -> Problem {
        let is_present = |import: &str| self.outline.modules.iter().any(|one| one.name == import);
        let imports = module.imports.iter().map(String::as_str);
        let missing: Vec<_> = imports.filter(|import| !is_present(import)).collect();
        let name = name.to_owned();
        if missing.is_empty() {
            Problem::UnknownType(name)
        } else {
            let missing = missing.join(", ");
            Problem::MissingImport { name, missing }
        }
    }

    fn complete_one(&mut self, place: usize) -> Result<TypeId, Error> {
        let ty = &self.outline.types[place];
        let error = |problem| Error::at(ty.file, ty.name, None, problem);
        match self.progress[place] {
            Progress::Complete(id) => return Ok(id),
            Progress::Underway => return Err(error(Problem::Recursive)),
            Progress::Unknown => self.progress[place] = Progress::Underway,
        }
        if self.level == MOST_NESTED {
            return Err(error(Problem::TooDeep(MOST_NESTED)));
        }
        self.level += 1;
        let type_def = self.type_def(ty)?;
        self.level -= 1;
        let inner = type_def.fields().iter().map(|field| match field.ty {
            Type::Named(inner) => self.nested[inner],
            Type::Scalar(_) | Type::Text => 0,
        });
        let nested = 1 + inner.max().unwrap_or_default();
        if nested > MOST_NESTED {
            return Err(error(Problem::TooDeep(MOST_NESTED)));
        }
        let id = self.complete.len();
        self.complete.push(type_def);
        self.nested.push(nested);
        self.progress[place] = Progress::Complete(id);
        Ok(id)
    }

    fn type_def(&mut self, ty: &'a TypeOutline<'a>) -> Result<TypeDef, Error> {
        let scope = Scope {
            file: ty.file,
            definition: ty.name,
            module: &self.outline.modules[ty.module],
        };
        scope.check_name(ty.name)?;
        let (shape, size) = self.shape(ty, &scope)?;
        let comment = match ty.found {
            Found::Struct(definition) | Found::Union(definition) => {
                definition.meta.comment.as_deref()
            }
            Found::Enum(_) | Found::Flags(_) | Found::Alias(_) => None,
        };
        let special = Special::of(ty.name, &shape, &self.complete);
        Ok(TypeDef {
            name: ty.name.to_owned(),
            rust: ty.rust.clone(),
            module: ty.module,
            doc: docs::lines(self.docs.text(ty.name), comment),
            size,
            fingerprint: fingerprints::of(ty.name, &shape, &self.complete),
            derives: derives::of_type(&shape, size, special, &self.complete),
            special,
            shape,
            emitted: true,
        })
    }

    fn shape(
        &mut self,
        ty: &TypeOutline<'_>,
        scope: &Scope<'_>,
    ) -> Result<(TypeShape, Size), Error> {
        Ok(match ty.found {
            Found::Struct(definition) => {
                let fields = fields::complete(self, scope, &definition.fields)?;
                let size = fields::size(&fields, &self.complete, scope)?;
                (TypeShape::Struct(fields), size)
            }
            Found::Union(definition) => {
                let arms = fields::complete(self, scope, &definition.fields)?;
                let size = fields::union_size(&arms, &self.complete, scope)?;
                (TypeShape::Union(arms), size)
            }
            Found::Alias(alias) => {
                let field = self.alias(alias, scope)?;
                let size = fields::size(std::slice::from_ref(&field), &self.complete, scope)?;
                (TypeShape::Alias(Box::new(field)), size)
            }
            Found::Enum(definition) => {
                let definition = enumeration(definition, scope)?;
                let size = Size::fixed(definition.wire.size());
                (TypeShape::Enum(definition), size)
            }
            Found::Flags(definition) => {
                let definition = enumeration(definition, scope)?;
                let size = Size::fixed(definition.wire.size());
                (TypeShape::Flags(definition), size)
            }
        })
    }

    fn alias(&mut self, alias: &Alias, scope: &Scope<'_>) -> Result<Field, Error> {
        Ok(Field {
            name: "0".to_owned(),
            rust: "0".to_owned(),
            doc: Vec::new(),
            ty: self.look_up(&alias.type_name, scope, "0")?,
            shape: match alias.length {
                None | Some(0) => Shape::One,
                Some(length) => Shape::Array(length),
            },
            role: Role::Value,
            default: None,
            case: None,
            tag: None,
        })
    }
}

impl LookUp for Types<'_> {
    fn look_up(&mut self, name: &str, scope: &Scope<'_>, field: &str) -> Result<Type, Error> {
        if let Some(scalar) = Scalar::parse(name) {
            return Ok(Type::Scalar(scalar));
        }
        if name == "string" {
            return Ok(Type::Text);
        }
        let name = names::defined_type(name).unwrap_or(name);
        match self.by_name.get(name) {
            Some(place) => self.complete_one(*place).map(Type::Named),
            None => Err(scope.at(field, self.unknown(name, scope.module))),
        }
    }

    fn complete_types(&self) -> &[TypeDef] {
        &self.complete
    }

    fn docs(&self) -> &Docs {
        self.docs
    }
}

fn enumeration(definition: &EnumDefinition, scope: &Scope<'_>) -> Result<Enum, Error> {
    let wire = definition.wire.as_deref().unwrap_or("u32");
    let (wire, range) = Scalar::parse(wire)
        .and_then(|scalar| Some((scalar, scalar.range()?)))
        .ok_or_else(|| scope.error(Problem::EnumType(wire.to_owned())))?;
    let ids = definition.values.iter().map(|(id, _)| id.as_str());
    let rust = names::constant_names(&definition.name, ids);
    let mut constants = Vec::new();
    let mut impossible = Vec::new();
    for ((name, value), rust) in definition.values.iter().zip(rust) {
        // C wraps negative numbers in unsigned types.
        let wrapped = if *value < 0 {
            value + range.end() - range.start() + 1
        } else {
            *value
        };
        match [*value, wrapped]
            .into_iter()
            .find(|value| range.contains(value))
        {
            Some(value) => {
                scope.check_name(name)?;
                constants.push(Constant {
                    name: name.clone(),
                    rust,
                    value,
                });
            }
            None => impossible.push(format!("`{name}` = {value}")),
        }
    }
    Ok(Enum {
        wire,
        constants,
        impossible,
    })
}
