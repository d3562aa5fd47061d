//! Counts find their arrays, and every type its size.

use crate::Error;
use crate::error::Problem;
use crate::model::{Api, Field, Role, Shape, Size, Type, TypeId, TypeShape};

/// The most types that may be nested in each other. VPP 26.06 has seven; the passes
/// and the codecs recurse into types, and their stack is limited.
const MOST_NESTED: usize = 64;

/// Measures all types and messages.
///
/// # Errors
/// A count that is missing or no integer; members of variable size where none can
/// be; a type within itself; types that are nested too deeply.
pub fn measure(api: &mut Api) -> Result<(), Error> {
    let mut sizes = Sizes {
        known: vec![Progress::Unknown; api.types.len()],
        nested: vec![0; api.types.len()],
        level: 0,
    };
    for id in 0..api.types.len() {
        sizes.of_type(api, id)?;
    }
    for module in 0..api.modules.len() {
        let mut messages = std::mem::take(&mut api.modules[module].messages);
        let file = api.modules[module].file.clone();
        for message in &mut messages {
            count(&mut message.fields, &file, &message.name)?;
            message.size = sizes.of_fields(api, &message.fields, &file, &message.name)?;
        }
        api.modules[module].messages = messages;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Progress {
    Unknown,
    Underway,
    Done(Size),
}

struct Sizes {
    known: Vec<Progress>,
    /// How many types are nested in each known one, itself included.
    nested: Vec<usize>,
    /// How many types are underway.
    level: usize,
}

impl Sizes {
    fn of_type(&mut self, api: &mut Api, id: TypeId) -> Result<Size, Error> {
        let name = api.types[id].name.clone();
        let file = api.modules[api.types[id].module].file.clone();
        match self.known[id] {
            Progress::Done(size) => return Ok(size),
            Progress::Underway => return Err(Error::at(&file, &name, None, Problem::Recursive)),
            Progress::Unknown => self.known[id] = Progress::Underway,
        }
        if self.level == MOST_NESTED {
            return Err(Error::at(&file, &name, None, Problem::TooDeep(MOST_NESTED)));
        }
        self.level += 1;
        let mut shape = std::mem::replace(&mut api.types[id].shape, TypeShape::Struct(Vec::new()));
        let size = match &mut shape {
            TypeShape::Struct(fields) => {
                count(fields, &file, &name)?;
                self.of_fields(api, fields, &file, &name)?
            }
            TypeShape::Union(arms) => self.of_arms(api, arms, &file, &name)?,
            TypeShape::Alias(field) => self.of_field(api, field, &file, &name)?,
            TypeShape::Enum(definition) | TypeShape::Flags(definition) => {
                fixed(definition.wire.size())
            }
        };
        api.types[id].shape = shape;
        api.types[id].size = size;
        self.level -= 1;
        let inner = api.types[id].fields().iter().map(|field| match field.ty {
            Type::Named(inner) => self.nested[inner],
            _ => 0,
        });
        self.nested[id] = 1 + inner.max().unwrap_or_default();
        if self.nested[id] > MOST_NESTED {
            return Err(Error::at(&file, &name, None, Problem::TooDeep(MOST_NESTED)));
        }
        self.known[id] = Progress::Done(size);
        Ok(size)
    }

    fn of_fields(
        &mut self,
        api: &mut Api,
        fields: &[Field],
        file: &str,
        name: &str,
    ) -> Result<Size, Error> {
        let mut whole = Size::default();
        for (place, field) in fields.iter().enumerate() {
            let size = self.of_field(api, field, file, name)?;
            if size.open && place + 1 < fields.len() {
                return Err(Error::at(
                    file,
                    name,
                    Some(&field.name),
                    Problem::RestNotLast,
                ));
            }
            whole.min = whole.min.saturating_add(size.min);
            whole.variable |= size.variable;
            whole.open |= size.open;
        }
        Ok(whole)
    }

    fn of_arms(
        &mut self,
        api: &mut Api,
        arms: &[Field],
        file: &str,
        name: &str,
    ) -> Result<Size, Error> {
        let mut whole = Size::default();
        for arm in arms {
            let size = self.of_field(api, arm, file, name)?;
            if size.variable {
                let problem = Problem::VariableMember("a union");
                return Err(Error::at(file, name, Some(&arm.name), problem));
            }
            whole.min = whole.min.max(size.min);
        }
        Ok(whole)
    }

    fn of_field(
        &mut self,
        api: &mut Api,
        field: &Field,
        file: &str,
        name: &str,
    ) -> Result<Size, Error> {
        let one = match &field.ty {
            Type::Scalar(scalar) => fixed(scalar.size()),
            Type::Text => match field.shape {
                Shape::Array(length) => return Ok(fixed(length)),
                _ => return Ok(variable(4)),
            },
            Type::Named(id) => self.of_type(api, *id)?,
            // `resolve::types` leaves none.
            Type::Unresolved(_) => Size::default(),
        };
        match field.shape {
            Shape::One => Ok(one),
            Shape::Array(_) if one.variable => Err(Error::at(
                file,
                name,
                Some(&field.name),
                Problem::VariableElements,
            )),
            Shape::Array(length) => Ok(fixed(one.min.saturating_mul(length))),
            Shape::Counted(_) => Ok(variable(0)),
            Shape::Rest => Ok(Size {
                open: true,
                ..variable(0)
            }),
        }
    }
}

fn fixed(min: u64) -> Size {
    Size {
        min,
        ..Size::default()
    }
}

fn variable(min: u64) -> Size {
    Size {
        min,
        variable: true,
        open: false,
    }
}

/// Tells every count field which arrays it counts.
fn count(fields: &mut [Field], file: &str, name: &str) -> Result<(), Error> {
    for array in 0..fields.len() {
        let Shape::Counted(counter) = &fields[array].shape else {
            continue;
        };
        let error = |problem| Error::at(file, name, Some(&fields[array].name), problem);
        let place = fields[..array]
            .iter()
            .position(|field| field.name == *counter && field.shape == Shape::One)
            .ok_or_else(|| error(Problem::CountMissing(counter.clone())))?;
        let is_integer =
            matches!(fields[place].ty, Type::Scalar(scalar) if scalar.range().is_some());
        if !is_integer {
            return Err(error(Problem::CountNotInteger(counter.clone())));
        }
        match &mut fields[place].role {
            Role::Counts(arrays) => arrays.push(array),
            role => *role = Role::Counts(vec![array]),
        }
    }
    Ok(())
}
