use std::cell::{Cell, RefCell};

use vpp_definitions::model::{
    Api, Field, Scalar, Shape, Special, Type, TypeDef, TypeId, TypeShape,
};

/// The maximum number of values per run. No frame that VPP accepts has more. It limits the
/// memory for definitions with extremely long arrays.
const MAX_VALUES: u64 = 1 << 26;

/// The definitions and the state of one run of the codec.
pub struct Context<'a> {
    api: &'a Api,
    element_counts: &'a [u64],
    budget: Cell<u64>,
    /// The fields in which reading JSON failed, innermost first.
    pub failed_fields: RefCell<Vec<String>>,
}

impl<'a> Context<'a> {
    pub fn new(api: &'a Api, element_counts: &'a [u64]) -> Self {
        Self {
            api,
            element_counts,
            budget: Cell::new(MAX_VALUES),
            failed_fields: RefCell::default(),
        }
    }

    pub fn type_def(&self, id: TypeId) -> &'a TypeDef {
        &self.api.types[id]
    }

    pub fn special(&self, id: TypeId) -> Special {
        self.api.types[id].special
    }

    /// The number of array elements in a value of the type; see [`element_counts`].
    pub fn element_count(&self, id: TypeId) -> u64 {
        self.element_counts[id]
    }

    /// The size in bytes of the smallest value of the type.
    pub fn min_size(&self, ty: &Type) -> u64 {
        match ty {
            Type::Scalar(scalar) => scalar.size(),
            Type::Named(id) => self.type_def(*id).size.min,
            Type::Text => 4,
        }
    }

    /// Takes `values` from the budget of values. Returns false if the budget is too small.
    pub fn spend(&self, values: u64) -> bool {
        let left = self.budget.get().checked_sub(values);
        self.budget.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Records that reading the JSON of a field failed.
    #[cold]
    pub fn record_failure(&self, field: &str) {
        self.failed_fields.borrow_mut().push(field.to_owned());
    }
}

/// For each type, the number of elements in its arrays of fixed length, nested ones included.
///
/// Arrays of bytes and strings are not counted: the payload limits them. Elements of size zero
/// are counted, because a definition can have any number of them.
pub fn element_counts(api: &Api) -> Vec<u64> {
    let mut known = vec![None; api.types.len()];
    (0..api.types.len())
        .map(|id| count_in_type(api, &mut known, id))
        .collect()
}

/// Terminates because `resolve::fields` rejects types that contain themselves.
fn count_in_type(api: &Api, known: &mut [Option<u64>], id: TypeId) -> u64 {
    if let Some(count) = known[id] {
        return count;
    }
    let ty = &api.types[id];
    let count = match &ty.shape {
        TypeShape::Enum(_) | TypeShape::Flags(_) => 0,
        TypeShape::Struct(_) | TypeShape::Union(_) | TypeShape::Alias(_) => {
            ty.fields().iter().fold(0, |sum: u64, field| {
                sum.saturating_add(count_in_field(api, known, field))
            })
        }
    };
    known[id] = Some(count);
    count
}

fn count_in_field(api: &Api, known: &mut [Option<u64>], field: &Field) -> u64 {
    let one = match field.ty {
        Type::Named(id) => count_in_type(api, known, id),
        Type::Text | Type::Scalar(Scalar::U8) => return 0,
        Type::Scalar(_) => 0,
    };
    match field.shape {
        Shape::One => one,
        Shape::Array(length) => length.saturating_mul(one.saturating_add(1)),
        // These elements are counted when they are read.
        Shape::Counted(_) | Shape::Rest => 0,
    }
}
