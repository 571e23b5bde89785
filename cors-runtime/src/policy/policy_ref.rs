//! The argument of layers that take a policy.

use std::sync::LazyLock;

use super::Policy;

/// The policy of a layer. Layers take `impl Into<PolicyRef>`: a `&'static Policy`, a
/// `&'static LazyLock<Policy>`, or a [`Policy`].
///
/// A [`Policy`] by value is never freed. Create such a policy only once, at start-up.
///
/// ```
/// # #[cfg(feature = "builder")] {
/// use cors_runtime::{Policy, tower::CorsLayer};
///
/// # fn main() -> Result<(), cors_runtime::PolicyError> {
/// let policy = Policy::builder().origins(["https://app.example.com"]).build()?;
/// let layer = CorsLayer::new(policy);
/// # let _ = layer;
/// # Ok(())
/// # }
/// # main().unwrap();
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PolicyRef(pub(crate) &'static Policy);

impl From<&'static Policy> for PolicyRef {
    fn from(policy: &'static Policy) -> Self {
        Self(policy)
    }
}

/// Creates the policy on first use.
impl From<&'static LazyLock<Policy>> for PolicyRef {
    fn from(policy: &'static LazyLock<Policy>) -> Self {
        Self(policy)
    }
}

impl From<Policy> for PolicyRef {
    fn from(policy: Policy) -> Self {
        Self(Box::leak(Box::new(policy)))
    }
}
