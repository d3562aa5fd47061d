use super::outline::ModuleOutline;
use crate::Error;
use crate::error::Problem;
use crate::names;

/// The message or type that is completed.
pub struct Scope<'a> {
    /// For errors.
    pub file: &'a str,
    pub definition: &'a str,
    pub module: &'a ModuleOutline<'a>,
}

impl Scope<'_> {
    /// An error in one of its fields.
    pub fn at(&self, field: &str, problem: Problem) -> Error {
        Error::at(self.file, self.definition, Some(field), problem)
    }

    pub fn error(&self, problem: Problem) -> Error {
        Error::at(self.file, self.definition, None, problem)
    }

    /// # Errors
    /// A name that is not an identifier.
    pub fn check_name(&self, name: &str) -> Result<(), Error> {
        if names::is_identifier(name) {
            Ok(())
        } else {
            Err(self.error(Problem::Name(name.to_owned())))
        }
    }
}
