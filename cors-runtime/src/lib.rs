// All blocks of the README are doc tests: services, a layer, and a list of origins.
#![cfg_attr(
    all(feature = "actix-web", feature = "axum", feature = "builder", feature = "tower"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(
        feature = "actix-web",
        feature = "axum",
        feature = "builder",
        feature = "tower"
    )),
    doc = "CORS as an attribute on the handler that it is for."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "actix-web")]
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
pub mod actix_web;
#[cfg(feature = "axum")]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub mod axum;
pub mod http;
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub mod tower;
#[cfg_attr(feature = "axum", doc = include_str!("../RULES.md"))]
#[cfg_attr(
    not(feature = "axum"),
    doc = "The rules by name, with their reasons: with the feature `axum`, for its examples."
)]
pub mod rules {}
#[cfg_attr(all(feature = "axum", feature = "builder"), doc = include_str!("../RECIPES.md"))]
#[cfg_attr(
    not(all(feature = "axum", feature = "builder")),
    doc = "What people write elsewhere: with the features `axum` and `builder`, for its examples."
)]
pub mod recipes {}

mod mounting;
mod origins;
mod policy;
mod protocol;
mod request;

pub use self::origins::{
    AsyncOriginSource, IntoOriginResult, NotReady, OriginFuture, OriginRequest, OriginResult,
    OriginSource,
};
#[cfg(feature = "builder")]
#[cfg_attr(docsrs, doc(cfg(feature = "builder")))]
pub use self::origins::{OriginList, OriginListError};
pub use self::policy::Policy;
#[cfg(feature = "builder")]
#[cfg_attr(docsrs, doc(cfg(feature = "builder")))]
pub use self::policy::{PolicyBuilder, PolicyError};
pub use self::request::RequestHead;
#[cfg(feature = "builder")]
#[cfg_attr(docsrs, doc(cfg(feature = "builder")))]
pub use cors_rules::{Field, OriginEntry, Rule, Violation};

/// A policy with a name of its own, for several handlers. It takes the keys of `#[cors(...)]`,
/// and is checked like one.
///
/// ```
/// use cors_runtime::{Policy, policy};
///
/// static STAFF: Policy = policy! {
///     origins = ["https://admin.example.com"],
///     headers = ["content-type"],
///     credentials,
/// };
/// # #[cfg(feature = "axum")] {
/// use cors_runtime::axum::cors;
///
/// #[cors(policy = STAFF)]
/// async fn list() -> &'static str {
///     "everything"
/// }
/// # }
/// ```
#[doc(inline)]
pub use cors_macros::policy;

/// The items that the expansions of the macros name. Not public API.
#[doc(hidden)]
#[allow(missing_docs, reason = "named by expansions only")]
pub mod __private {
    #[cfg(feature = "actix-web")]
    pub use crate::actix_web::expansion as actix_web;
    #[cfg(feature = "axum")]
    pub use crate::axum::expansion as axum;
    pub use crate::http::expansion as http;
    #[cfg(any(feature = "actix-web", feature = "axum"))]
    pub use crate::mounting::HasPolicy;
    pub use crate::origins::{AsyncSourceEntry, OriginRegex, SourceEntry};
    pub use crate::policy::{Headers, Methods, OriginEntries, Origins, PolicyData};
    pub use cors_rules::{OriginPattern, PortPattern};

    use crate::policy::Policy;

    /// Creates the policy that a macro has checked.
    pub const fn policy(data: PolicyData) -> Policy {
        Policy::new(data)
    }

    /// Creates the policy of `disabled`.
    pub const fn disabled(location: &'static str) -> Policy {
        Policy::disabled(location)
    }

    /// The item that `policy = PATH` names, for checks at compile time.
    pub struct Shared<T: 'static>(pub &'static T);

    impl Shared<Policy> {
        pub const fn allows_content_type(&self) -> bool {
            self.0.allows_content_type()
        }

        pub const fn has_async_sources(&self) -> bool {
            self.0.has_async_sources()
        }
    }

    impl<F> Shared<std::sync::LazyLock<Policy, F>> {
        /// Returns `true`: the policy is not known yet, and is checked when the handler is mounted.
        pub const fn allows_content_type(&self) -> bool {
            true
        }

        /// Returns `false`: a policy that is made at start-up has no `ask(..)`.
        pub const fn has_async_sources(&self) -> bool {
            false
        }
    }
}
