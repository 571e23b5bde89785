//! A policy: static data, checked before the program exists.

use std::fmt;

use cors_rules::OriginPattern;

use crate::ask::Asks;
use crate::origin_source::NotReady;
use crate::regex::OriginRegex;
use crate::source::Source;

/// What one `#[cors(...)]` says: whose pages may call the handler, and how.
///
/// The attribute makes one, and [`policy!`](crate::policy!) makes one with a name of its own. All
/// of it is `&'static`, already joined into the values of the headers, so that nothing is parsed
/// and nothing is built when a request comes.
pub struct Policy(pub(crate) PolicyData);

/// Named by the expansion of the attribute, which has checked all of it. Not public API.
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
    /// Whether actual requests of other origins are refused.
    pub enforce: bool,
}

#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named by expansions only")]
pub enum Origins {
    Any,
    /// `disabled`.
    None,
    List {
        exact: &'static [&'static str],
        patterns: &'static [OriginPattern<'static>],
        regexes: &'static [&'static OriginRegex],
        sources: &'static [&'static Source],
        asks: Asks,
    },
}

#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named by expansions only")]
pub enum Methods {
    /// What the registration names; else the safelisted methods.
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

/// Fetch, "CORS-safelisted method": a page needs no permission for these.
pub(crate) const SAFELISTED_METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

impl Policy {
    pub(crate) const fn new(data: PolicyData) -> Self {
        Self(data)
    }

    /// Whether requests with cookies or HTTP authentication are answered.
    pub const fn credentials(&self) -> bool {
        self.0.credentials
    }

    /// Whether actual requests of origins that are not allowed are refused.
    pub const fn enforce(&self) -> bool {
        self.0.enforce
    }

    /// Where the policy was written, as `file:line`.
    pub const fn location(&self) -> &'static str {
        self.0.location
    }

    /// Whether everything that `origins` names can be asked: an `OriginList` has been read and
    /// keeps to the rules.
    ///
    /// The routers and layers of this crate call it when a handler is mounted, and panic if it
    /// fails. Where nothing is mounted, under [`http::cors`](crate::http::cors), call it in
    /// `main`; else a list that is not ready is found by the first request, which is denied.
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
    /// Every list that is not ready, with all that is wrong in it.
    pub fn ready(&self) -> Result<(), NotReady> {
        let Origins::List { sources, .. } = &self.0.origins else {
            return Ok(());
        };
        let failures = sources.iter().filter_map(|source| {
            let error = source.ready(self).err()?;
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

    /// Whether somebody has to be asked before a request can be judged: only where a request can
    /// wait.
    pub(crate) const fn asks(&self) -> bool {
        matches!(&self.0.origins, Origins::List { asks, .. } if !asks.is_empty())
    }

    /// For where it is mounted.
    ///
    /// # Panics
    ///
    /// If it is not [ready](Self::ready).
    #[cfg(any(feature = "actix-web", feature = "axum", feature = "tower"))]
    #[track_caller]
    pub(crate) fn expect_ready(&self, mounted: impl fmt::Display) {
        if let Err(error) = self.ready() {
            panic!("{mounted}: {error}");
        }
    }

    /// Of a handler that no page of another origin is to read.
    pub(crate) const fn disabled(location: &'static str) -> Self {
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
        })
    }

    /// Whether answers depend on the origin: neither with `*` nor with `disabled`.
    pub(crate) fn varies(&self) -> bool {
        matches!(self.0.origins, Origins::List { .. })
    }

    /// Whether a page may send JSON.
    pub(crate) const fn allows_content_type(&self) -> bool {
        let Headers::List { names, .. } = &self.0.headers else {
            return true;
        };
        // `const` has no iterators.
        let mut index = 0;
        while index < names.len() {
            // In lower case, as all of them are.
            if matches!(names[index].as_bytes(), b"content-type") {
                return true;
            }
            index += 1;
        }
        false
    }

    /// The value of `Access-Control-Allow-Headers`.
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

    /// Whether a permission that this policy gave would be one under `other`, too: a browser keeps
    /// the names of headers without the method that they were allowed for.
    #[cfg(any(feature = "actix-web", feature = "axum"))]
    pub(crate) fn allows_headers_like(&self, other: &Self) -> bool {
        let (
            PolicyData {
                origins,
                headers,
                credentials,
                ..
            },
            other,
        ) = (&self.0, &other.0);
        *origins == other.origins && *headers == other.headers && *credentials == other.credentials
    }
}

impl Origins {
    /// The entries as they were written, separated by commas.
    #[cfg(feature = "axum")]
    pub(crate) fn to_list(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::None => "disabled".to_owned(),
            Self::List {
                exact,
                patterns,
                regexes,
                sources,
                asks,
            } => {
                let exact = exact.iter().map(ToString::to_string);
                let patterns = patterns.iter().map(ToString::to_string);
                let regexes = regexes
                    .iter()
                    .map(|regex| format!("regex({})", regex.pattern()));
                let sources = sources.iter().map(|source| source.path().to_owned());
                let asks = asks.iter().map(|ask| format!("ask({})", ask.path()));
                exact
                    .chain(patterns)
                    .chain(regexes)
                    .chain(sources)
                    .chain(asks)
                    .collect::<Vec<_>>()
                    .join(", ")
            }
        }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
