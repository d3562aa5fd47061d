use std::path::PathBuf;

use clap::Args;
use vpp_codegen::Error;

/// Copy definitions as facts, without comments.
#[derive(Args)]
pub(super) struct Vendor {
    /// The folder to copy from, such as /usr/share/vpp/api.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only these modules and all that they import.
    #[arg(long, value_delimiter = ',', value_name = "MODULE")]
    modules: Vec<String>,
}

impl Vendor {
    pub(super) fn run(&self) -> Result<(), Error> {
        let written = vpp_codegen::vendor(&self.from, &self.out, &self.modules)?;
        eprintln!(
            "{} modules written to {}",
            written.len(),
            self.out.display()
        );
        Ok(())
    }
}
