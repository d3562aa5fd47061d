use std::ffi::OsStr;

/// The parameters in [`CNI_ARGS`](super::ARGS): `KEY=value`, separated by `;`.
///
/// Unknown keys are accepted, because runtimes add keys. `IgnoreUnknown` is not needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args(Vec<(String, String)>);

impl Args {
    /// Parses the variable's value. Empty parts are skipped.
    ///
    /// # Errors
    /// The reason: it is not UTF-8, or a part has no `=`.
    pub fn parse(value: Option<&OsStr>) -> Result<Self, String> {
        let Some(value) = value else {
            return Ok(Self::default());
        };
        let text = value.to_str().ok_or("is not UTF-8")?;
        let mut all = Vec::new();
        for part in text.split(';').filter(|it| !it.is_empty()) {
            let (key, value) = part
                .split_once('=')
                .ok_or_else(|| format!("has a part without '=': {part:?}"))?;
            all.push((key.to_owned(), value.to_owned()));
        }
        Ok(Self(all))
    }

    /// Returns the value of a key. The last one is used if the key is repeated, as in the Go
    /// library. An empty value counts as missing.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut found = self.0.iter().rev().filter(|(name, _)| name == key);
        let (_, value) = found.next()?;
        (!value.is_empty()).then_some(value)
    }

    /// Returns the Kubernetes pod's namespace and name, if both are present.
    ///
    /// Podman sends a name without a namespace, which is not a Kubernetes pod.
    #[must_use]
    pub fn pod(&self) -> Option<(&str, &str)> {
        Some((self.get("K8S_POD_NAMESPACE")?, self.get("K8S_POD_NAME")?))
    }

    /// Returns the pod's UID, if the runtime sends it.
    #[must_use]
    pub fn pod_uid(&self) -> Option<&str> {
        self.get("K8S_POD_UID")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Args, String> {
        Args::parse(Some(OsStr::new(text)))
    }

    #[test]
    fn unknown_keys_are_accepted() {
        let args = parse("IgnoreUnknown=0;K8S_POD_UID=7;X=a=b;;MAC=;IP=1;IP=2;").unwrap();
        assert_eq!(args.pod_uid(), Some("7"));
        assert_eq!(args.get("X"), Some("a=b"));
        assert_eq!(args.get("MAC"), None);
        assert_eq!(args.get("IP"), Some("2"));
        assert_eq!(args.get("mac"), None);
    }

    #[test]
    fn a_part_without_a_value_is_an_error() {
        assert_eq!(
            parse("A=1;B").unwrap_err(),
            r#"has a part without '=': "B""#
        );
    }

    #[test]
    fn a_pod_needs_both_names() {
        let both = parse("K8S_POD_NAME=p;K8S_POD_NAMESPACE=n").unwrap();
        assert_eq!(both.pod(), Some(("n", "p")));
        assert_eq!(parse("K8S_POD_NAME=p").unwrap().pod(), None);
    }
}
