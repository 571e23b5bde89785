//! Policies: the static data that an attribute expands to.

#[cfg(feature = "builder")]
mod builder;
#[cfg(feature = "serde")]
mod deserialize;
#[cfg(feature = "tower")]
mod policy_ref;

use std::fmt;
use std::panic::Location;

use cors_rules::{HostPattern, OriginPattern};

#[cfg(feature = "builder")]
pub use self::builder::{PolicyBuilder, PolicyError};
#[cfg(feature = "tower")]
pub use self::policy_ref::PolicyRef;
use crate::origins::{AsyncSourceEntry, EntryPolicy, NotReady, OriginRegex, SourceEntry};

/// A policy: the origins that may call a handler, and how. Created by `#[cors(...)]` or `policy!`.
///
/// The attribute creates a policy, and [`policy!`](crate::policy!) creates a named policy. All data
/// is `&'static`, and joined into header values at compile time. So requests do not parse or
/// allocate it.
///
/// ```
/// use cors_runtime::{Policy, policy};
///
/// static APP: Policy = policy! {
///     origins = ["https://app.example.com"],
///     headers = ["content-type"],
///     credentials,
/// };
///
/// assert!(APP.credentials());
/// assert!(!APP.enforce());
/// ```
pub struct Policy(pub(crate) PolicyData);

/// Created by the expansion of the attribute, which has checked all fields. Not public API.
#[derive(Debug)]
#[allow(missing_docs, reason = "named by expansions only")]
pub struct PolicyData {
    /// `file:line`.
    pub location: &'static str,
    pub origins: Origins,
    pub methods: Methods,
    pub headers: Headers,
    /// The value of `Access-Control-Expose-Headers`.
    pub expose: Option<&'static str>,
    pub credentials: bool,
    /// The value of `Access-Control-Max-Age`.
    pub max_age: Option<&'static str>,
    /// Whether actual requests from other origins are refused.
    pub enforce: bool,
    /// With `enforce`: the hosts under which the endpoint can be reached. Empty means any host.
    pub hosts: &'static [HostPattern<'static>],
}

#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named by expansions only")]
pub enum Origins {
    Any,
    /// `disabled`.
    None,
    List(OriginEntries),
}

/// The entries of `origins`, by kind.
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named by expansions only")]
pub struct OriginEntries {
    /// A [`str_set`](cors_rules::str_set).
    pub exact: &'static [&'static str],
    pub patterns: &'static [OriginPattern<'static>],
    pub regexes: &'static [&'static OriginRegex],
    pub sources: &'static [&'static SourceEntry],
    pub async_sources: &'static [&'static AsyncSourceEntry],
}

#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named by expansions only")]
pub enum Methods {
    /// The methods that the handler is registered for. Without a registration, the safelisted
    /// methods.
    Default,
    Any,
    List {
        names: &'static [&'static str],
        joined: &'static str,
    },
}

#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named by expansions only")]
pub enum Headers {
    Any {
        authorization: bool,
    },
    /// In lower case.
    List {
        names: &'static [&'static str],
        joined: &'static str,
    },
}

/// The methods that a page may use without a preflight (Fetch, "CORS-safelisted method").
pub(crate) const SAFELISTED_METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

impl Policy {
    pub(crate) const fn new(data: PolicyData) -> Self {
        Self(data)
    }

    /// Creates a policy that allows no origin, as `#[cors(disabled)]` does.
    ///
    /// Responses do not have CORS headers, and preflights are refused with 403. With a
    /// `LazyLock<Policy>`, an operator can switch CORS off without another build:
    ///
    /// ```
    /// use std::sync::LazyLock;
    ///
    /// use cors_runtime::Policy;
    ///
    /// # #[cfg(feature = "builder")]
    /// static API: LazyLock<Policy> = LazyLock::new(|| {
    ///     let origins = std::env::var("API_ORIGINS").unwrap_or("none".into());
    ///     if origins == "none" {
    ///         return Policy::disabled();
    ///     }
    ///     let policy = Policy::builder().origins(origins.split(',')).build();
    ///     policy.unwrap_or_else(|error| panic!("API_ORIGINS: {error}"))
    /// });
    /// # #[cfg(all(feature = "axum", feature = "builder"))] {
    /// use cors_runtime::axum::cors;
    ///
    /// #[cors(policy = API)]
    /// async fn list() -> &'static str {
    ///     "items"
    /// }
    /// # }
    /// ```
    ///
    /// The location of the policy is never freed. Create each policy only once, at start-up.
    #[track_caller]
    pub fn disabled() -> Self {
        let caller = Location::caller();
        Self::disabled_at(format!("{}:{}", caller.file(), caller.line()).leak())
    }

    /// Returns whether the policy has `credentials`: pages may send cookies or HTTP authentication.
    #[doc(alias("allow_credentials", "supports_credentials"))]
    pub const fn credentials(&self) -> bool {
        self.0.credentials
    }

    /// Returns whether the policy has `enforce`: actual requests from other origins are refused.
    pub const fn enforce(&self) -> bool {
        self.0.enforce
    }

    /// Returns the location of the policy in the source code, as `file:line`.
    pub const fn location(&self) -> &'static str {
        self.0.location
    }

    /// Checks that every origin source of the policy can decide. For example, an
    /// [`OriginList`](crate::OriginList) reads its environment variable and checks its entries.
    ///
    /// The routers and layers of this crate call `ready` when a handler is mounted, and panic if it
    /// fails. A function under [`http::cors`](crate::http::cors) is not mounted, so call `ready` in
    /// `main`. Otherwise, requests are denied while a list is not ready.
    ///
    /// ```
    /// use cors_runtime::{NotReady, Policy, policy};
    ///
    /// static APP: Policy = policy! { origins = ["https://app.example.com"] };
    ///
    /// fn main() -> Result<(), NotReady> {
    ///     APP.ready()?;
    ///     // ... serve
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns one error that names every source that is not ready, and the reasons.
    pub fn ready(&self) -> Result<(), NotReady> {
        let Origins::List(entries) = &self.0.origins else {
            return Ok(());
        };
        let failures = entries.sources.iter().filter_map(|source| {
            let error = source.ready(self.entry_policy()).err()?;
            Some(format!("{}: {error}", source.path()))
        });
        let failures: Vec<_> = failures.collect();
        if failures.is_empty() {
            return Ok(());
        }
        let (location, failures) = (self.location(), failures.join("; "));
        Err(NotReady::new(format!(
            "the policy at {location} is not ready: {failures}"
        )))
    }

    /// Returns the keys that the origin sources of the policy depend on.
    pub(crate) const fn entry_policy(&self) -> EntryPolicy {
        EntryPolicy {
            credentials: self.credentials(),
            enforce: self.enforce(),
            location: self.location(),
        }
    }

    /// Returns whether `origins` contains a path.
    pub(crate) const fn has_sources(&self) -> bool {
        match &self.0.origins {
            Origins::List(entries) => {
                !entries.sources.is_empty() || !entries.async_sources.is_empty()
            }
            Origins::Any | Origins::None => false,
        }
    }

    /// Returns whether `origins` contains an `ask(..)`. Only a request that can wait can call an
    /// `ask(..)`.
    pub(crate) const fn has_async_sources(&self) -> bool {
        matches!(&self.0.origins, Origins::List(entries) if !entries.async_sources.is_empty())
    }

    /// Checks the policy when it is mounted.
    ///
    /// # Panics
    ///
    /// Panics if the policy is not [ready](Self::ready).
    #[cfg(any(feature = "actix-web", feature = "axum", feature = "tower"))]
    #[track_caller]
    pub(crate) fn expect_ready(&self, mounted: impl fmt::Display) {
        if let Err(error) = self.ready() {
            panic!("{mounted}: {error}");
        }
    }

    /// Creates the policy of `disabled`: it allows no origin.
    pub(crate) const fn disabled_at(location: &'static str) -> Self {
        Self(PolicyData {
            location,
            origins: Origins::None,
            methods: Methods::Default,
            headers: Headers::List {
                names: &[],
                joined: "",
            },
            expose: None,
            credentials: false,
            max_age: None,
            enforce: false,
            hosts: &[],
        })
    }

    /// Returns whether responses depend on the origin, and so need `Vary: Origin`.
    pub(crate) fn varies(&self) -> bool {
        matches!(self.0.origins, Origins::List(_))
    }

    /// Returns whether the policy allows `content-type`, so that a preflight for JSON passes.
    ///
    /// Returns `true` for `disabled`, which refuses every preflight.
    pub(crate) const fn allows_content_type(&self) -> bool {
        if matches!(self.0.origins, Origins::None) {
            return true;
        }
        let Headers::List { names, .. } = &self.0.headers else {
            return true;
        };
        // A `const fn` cannot use iterators.
        let mut index = 0;
        while index < names.len() {
            // All names are in lower case.
            if matches!(names[index].as_bytes(), b"content-type") {
                return true;
            }
            index += 1;
        }
        false
    }

    /// Returns whether preflights repeat the requested header names, because with credentials a
    /// browser takes `*` for a name (Fetch, "HTTP new-header syntax").
    pub(crate) fn repeats_headers(&self) -> bool {
        self.credentials() && matches!(self.0.headers, Headers::Any { .. })
    }

    /// Returns the value of `Access-Control-Allow-Headers`, or `*` if preflights repeat the
    /// requested names.
    pub(crate) fn allow_headers(&self) -> Option<&'static str> {
        match &self.0.headers {
            Headers::Any {
                authorization: false,
            } => Some("*"),
            Headers::Any {
                authorization: true,
            } => Some("*, authorization"),
            Headers::List { names: [], .. } => None,
            Headers::List { joined, .. } => Some(joined),
        }
    }

    /// Returns whether both policies allow the same headers to the same origins. Browsers cache the
    /// allowed header names of a path without the method, so a browser can then use one policy's
    /// preflight for the other policy.
    #[cfg(any(feature = "actix-web", feature = "axum"))]
    pub(crate) fn allows_same_headers(&self, other: &Self) -> bool {
        let (one, other) = (&self.0, &other.0);
        one.origins == other.origins
            && one.headers == other.headers
            && one.credentials == other.credentials
    }
}

#[cfg(any(feature = "actix-web", feature = "axum"))]
impl Origins {
    /// Returns the entries as they were written, separated by commas.
    pub(crate) fn to_list(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::None => "disabled".to_owned(),
            Self::List(entries) => entries.to_list(),
        }
    }
}

impl OriginEntries {
    /// Returns whether all entries are exact, so that no entry has to be matched or called.
    pub(crate) fn are_exact(&self) -> bool {
        self.patterns.is_empty()
            && self.regexes.is_empty()
            && self.sources.is_empty()
            && self.async_sources.is_empty()
    }

    #[cfg(any(feature = "actix-web", feature = "axum"))]
    fn to_list(&self) -> String {
        let exact = self.exact.iter().map(ToString::to_string);
        let patterns = self.patterns.iter().map(ToString::to_string);
        let regexes = self.regexes.iter();
        let regexes = regexes.map(|regex| format!("regex({})", regex.pattern()));
        let sources = self.sources.iter().map(|source| source.path().to_owned());
        let asks = self.async_sources.iter();
        let asks = asks.map(|source| format!("ask({})", source.path()));
        let all = exact
            .chain(patterns)
            .chain(regexes)
            .chain(sources)
            .chain(asks);
        all.collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
