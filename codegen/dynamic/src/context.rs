use std::cell::{Cell, RefCell};

use vpp_definitions::model::{Api, Special, Type, TypeDef, TypeId};

/// More values than this are in no frame that VPP takes; a definition with arrays of
/// absurd length ends here and not in all of the memory.
const MOST_VALUES: u64 = 1 << 26;

/// What one run of the codec sees.
pub struct Context<'a> {
    api: &'a Api,
    specials: &'a [Special],
    values: &'a [u64],
    left: Cell<u64>,
    /// Where reading JSON failed, from the inside out.
    pub failed_in: RefCell<Vec<String>>,
}

impl<'a> Context<'a> {
    pub fn new(api: &'a Api, specials: &'a [Special], values: &'a [u64]) -> Self {
        Self {
            api,
            specials,
            values,
            left: Cell::new(MOST_VALUES),
            failed_in: RefCell::default(),
        }
    }

    pub fn type_def(&self, id: TypeId) -> &'a TypeDef {
        &self.api.types[id]
    }

    pub fn special(&self, id: TypeId) -> Special {
        self.specials[id]
    }

    /// The array elements in a value of the type, as [`values`](super::values) counts them.
    pub fn values(&self, id: TypeId) -> u64 {
        self.values[id]
    }

    /// The bytes of the smallest value of the type.
    pub fn min_size(&self, ty: &Type) -> u64 {
        match ty {
            Type::Scalar(scalar) => scalar.size(),
            Type::Named(id) => self.type_def(*id).size.min,
            Type::Text | Type::Unresolved(_) => 4,
        }
    }

    /// Takes `values` off what may still be made; whether that many were left.
    pub fn spend(&self, values: u64) -> bool {
        let left = self.left.get().checked_sub(values);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Notes that reading the JSON of a field failed.
    #[cold]
    pub fn failed(&self, field: &str) {
        self.failed_in.borrow_mut().push(field.to_owned());
    }
}
