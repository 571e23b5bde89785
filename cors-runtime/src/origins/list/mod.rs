//! Lists of origins that are read at run time and can be replaced.

mod entries;
mod error;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use arc_swap::ArcSwapOption;
use cors_rules::{ListSpec, OriginEntry, Rule, Violation};

use self::entries::{Entries, UsingKeys};
pub use self::error::OriginListError;
use self::error::Reason;
use super::{NotReady, OriginSource};
use crate::request::RequestHead;

/// A list of origins that is not known at compile time, from the environment, a file or a database.
///
/// The list accepts the same entries as the attribute: exact origins, `https://*.` and `:*`. With
/// the feature `regex`, the list also accepts [`OriginEntry::regex`]. The list rejects `"*"`,
/// unless you call [`allow_any`](Self::allow_any).
///
/// Each entry is checked by the same [rules](crate::rules). If an entry breaks a rule, the whole
/// list is rejected, and the error contains every violation.
///
/// # From the environment
///
/// ```
/// use cors_runtime::OriginList;
///
/// static ORIGINS: OriginList = OriginList::from_env("CORS_ORIGINS");
/// ```
///
/// The variable is read once, when you mount a handler whose policy uses the list. If the variable
/// is invalid, mounting the handler panics.
///
/// # Replacing the list
///
/// ```
/// use cors_runtime::{OriginList, OriginListError};
///
/// static TENANTS: OriginList = OriginList::new();
///
/// /// Runs whenever a tenant is added or removed.
/// fn refresh(origins: Vec<String>) -> Result<(), OriginListError> {
///     TENANTS.replace(origins)
/// }
/// # refresh(vec!["https://blue.example.com".into()])?;
/// # assert!(TENANTS.contains("https://blue.example.com"));
/// # assert!(!TENANTS.contains("https://red.example.com"));
/// # Ok::<(), OriginListError>(())
/// ```
///
/// A request sees either the old list or the new list, and never waits. The old list is freed with
/// its last reader.
///
/// # Policies with `credentials` or `enforce`
///
/// A policy with `credentials` rejects insecure origins (rule
/// [`insecure_origin`](crate::rules#insecure_origin)). The list is therefore checked again for each
/// policy that uses the list, when you mount a handler. After the first policy with `credentials`,
/// [`replace`](Self::replace) also rejects insecure origins.
///
/// The same holds for `"*"`, which policies with `credentials` or `enforce` reject (rules
/// [`credentials_wildcard`](crate::rules#credentials_wildcard) and
/// [`enforce_wildcard`](crate::rules#enforce_wildcard)).
#[doc(alias("AllowOrigin"))]
pub struct OriginList {
    /// The environment variable with the first entries.
    variable: Option<&'static str>,
    /// Which rules of [`ListSpec::ALLOWABLE`] are switched off.
    allow: [bool; ListSpec::ALLOWABLE.len()],
    /// Whether the list may be `*`.
    allows_any: bool,
    current: ArcSwapOption<Entries>,
    /// The result of reading the first entries.
    first: OnceLock<Result<(), OriginListError>>,
    /// The keys of the policies that use the list. Writers hold the lock while they replace the
    /// list. Readers do not lock.
    keys: Mutex<UsingKeys>,
}

impl OriginList {
    /// Creates a list without entries.
    ///
    /// The list is not ready until you call [`replace`](Self::replace), unless you call
    /// [`allow_empty`](Self::allow_empty).
    pub const fn new() -> Self {
        Self::starting_with(None)
    }

    /// Creates a list from an environment variable.
    ///
    /// Separate the entries with commas or white space. The variable is read once, on first use.
    ///
    /// If the variable is not set or contains no entries, the list is not ready, unless you call
    /// [`allow_empty`](Self::allow_empty). The variable cannot contain a regex. Write a regex into
    /// the attribute, next to the list.
    pub const fn from_env(variable: &'static str) -> Self {
        Self::starting_with(Some(variable))
    }

    const fn starting_with(variable: Option<&'static str>) -> Self {
        Self {
            variable,
            allow: [false; ListSpec::ALLOWABLE.len()],
            allows_any: false,
            current: ArcSwapOption::const_empty(),
            first: OnceLock::new(),
            keys: Mutex::new(UsingKeys::NONE),
        }
    }

    /// Creates a list from entries.
    ///
    /// # Errors
    ///
    /// Returns every violation if an entry breaks a rule.
    ///
    /// ```
    /// use std::sync::LazyLock;
    ///
    /// use cors_runtime::OriginList;
    ///
    /// # fn read() -> Vec<&'static str> { vec!["https://app.example.com"] }
    /// static ORIGINS: LazyLock<OriginList> = LazyLock::new(|| {
    ///     OriginList::try_from_iter(read()).unwrap_or_else(|error| panic!("origins.txt: {error}"))
    /// });
    /// # assert!(ORIGINS.contains("https://app.example.com"));
    /// ```
    pub fn try_from_iter<T: Into<OriginEntry>>(
        entries: impl IntoIterator<Item = T>,
    ) -> Result<Self, OriginListError> {
        let list = Self::new();
        list.replace(entries)?;
        Ok(list)
    }

    /// Allows an empty list.
    ///
    /// The environment variable may then be unset, and a [`new`](Self::new) list is ready without
    /// entries.
    #[must_use]
    pub const fn allow_empty(self) -> Self {
        self.allow(Rule::MissingOrigins)
    }

    /// Allows `*` as the only entry, which matches every origin.
    ///
    /// Whether the list is `*` or contains origins is then decided at start-up, or by
    /// [`replace`](Self::replace):
    ///
    /// ```
    /// use cors_runtime::{OriginList, Policy, policy};
    ///
    /// /// `CORS_ORIGINS=*`, or `CORS_ORIGINS=https://a.example.com,https://b.example.com`.
    /// static ORIGINS: OriginList = OriginList::from_env("CORS_ORIGINS").allow_any();
    ///
    /// static API: Policy = policy! { origins = [ORIGINS], headers = ["content-type"] };
    ///
    /// ORIGINS.replace(["*"])?;
    /// assert!(ORIGINS.contains("https://app.example.com"));
    /// assert!(ORIGINS.replace(["*", "https://app.example.com"]).is_err());
    /// # API.ready()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A policy can have other entries next to the list. The response to an allowed origin
    /// therefore repeats the origin and has `Vary: Origin`, as for other lists. `Origin: null` is
    /// not allowed. If you need `Access-Control-Allow-Origin: *`, write `origins = "*"` in the
    /// policy.
    ///
    /// # Policies with `credentials` or `enforce`
    ///
    /// A policy with `credentials` or `enforce` is not ready while a list of the policy is `*`.
    /// Mounting a handler with such a policy panics. After such a policy is ready,
    /// [`replace`](Self::replace) rejects `*`.
    #[must_use]
    #[doc(alias("any", "allow_any_origin"))]
    pub const fn allow_any(mut self) -> Self {
        self.allows_any = true;
        self
    }

    /// Switches a rule off.
    ///
    /// You can switch off [`InsecureOrigin`](Rule::InsecureOrigin),
    /// [`PublicSuffix`](Rule::PublicSuffix) and [`LooseRegex`](Rule::LooseRegex). A configuration
    /// may also contain duplicates: [`DuplicateOrigin`](Rule::DuplicateOrigin) and
    /// [`CoveredOrigin`](Rule::CoveredOrigin).
    ///
    /// The rule is switched off for every policy that uses the list. `allow(...)` in an attribute
    /// does not affect the list.
    ///
    /// ```
    /// use cors_runtime::{OriginList, Rule};
    ///
    /// static INTRANET: OriginList = OriginList::from_env("ORIGINS").allow(Rule::InsecureOrigin);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the rule cannot be switched off. In the initializer of a `static`, the panic is an
    /// error at compile time.
    #[must_use]
    pub const fn allow(mut self, rule: Rule) -> Self {
        let mut place = 0;
        // A `const fn` cannot use iterators, or `==` on enums.
        while ListSpec::ALLOWABLE[place] as u8 != rule as u8 {
            place += 1;
            assert!(
                place < ListSpec::ALLOWABLE.len(),
                "this rule cannot be allowed for a list of origins: only `InsecureOrigin`, \
                 `PublicSuffix`, `LooseRegex`, `DuplicateOrigin` and `CoveredOrigin` can, and an \
                 empty list by `allow_empty`"
            );
        }
        self.allow[place] = true;
        self
    }

    /// Replaces the entries, for all requests from now on.
    ///
    /// # Errors
    ///
    /// Returns every violation if an entry breaks a rule. The list then keeps its old entries.
    pub fn replace<T: Into<OriginEntry>>(
        &self,
        entries: impl IntoIterator<Item = T>,
    ) -> Result<(), OriginListError> {
        let entries = self.new_entries(entries)?;
        let keys = self.using_keys();
        Self::check_keys(&entries, *keys)?;
        self.current.store(Some(Arc::new(entries)));
        Ok(())
    }

    /// Checks entries without replacing the list.
    ///
    /// Check an entry before you store the entry, for example in a database. A stored entry that
    /// breaks a rule would make every later [`replace`](Self::replace) fail.
    ///
    /// # Errors
    ///
    /// Returns every violation if an entry breaks a rule.
    ///
    /// ```
    /// # use cors_runtime::OriginList;
    /// static TENANTS: OriginList = OriginList::new();
    ///
    /// assert!(TENANTS.check(["https://blue.example.com"]).is_ok());
    /// assert!(TENANTS.check(["https://blue.example.com/"]).is_err());
    /// ```
    pub fn check<T: Into<OriginEntry>>(
        &self,
        entries: impl IntoIterator<Item = T>,
    ) -> Result<(), OriginListError> {
        let entries = self.new_entries(entries)?;
        Self::check_keys(&entries, *self.using_keys())
    }

    fn new_entries<T: Into<OriginEntry>>(
        &self,
        entries: impl IntoIterator<Item = T>,
    ) -> Result<Entries, OriginListError> {
        let entries = entries.into_iter().map(Into::into).collect();
        let refused = |violations| OriginListError::new(None, Reason::Violations(violations));
        self.checked(entries).map_err(refused)
    }

    fn check_keys(entries: &Entries, keys: UsingKeys) -> Result<(), OriginListError> {
        let violations = entries.violations(keys);
        if violations.is_empty() {
            return Ok(());
        }
        let reason = Reason::Violations(violations);
        Err(OriginListError::new(None, reason))
    }

    /// Returns whether an entry matches `origin`.
    ///
    /// Returns `false` if the list is not ready.
    pub fn contains(&self, origin: &str) -> bool {
        self.read(|entries| entries.allow(origin)).unwrap_or(false)
    }

    /// Returns the number of different entries, or 0 if the list is not ready.
    pub fn len(&self) -> usize {
        self.read(Entries::len).unwrap_or(0)
    }

    /// Returns whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn checked(&self, entries: Vec<OriginEntry>) -> Result<Entries, Vec<Violation>> {
        let rules = ListSpec::ALLOWABLE.into_iter().zip(self.allow);
        let allow = rules.filter_map(|(rule, allowed)| allowed.then_some(rule));
        let spec = ListSpec::new(entries, allow.collect());
        let spec = if self.allows_any {
            spec.allow_any()
        } else {
            spec
        };
        Entries::new(&spec)
    }

    fn using_keys(&self) -> MutexGuard<'_, UsingKeys> {
        // A panic cannot leave the keys in an invalid state, so a poisoned lock is usable.
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `read` with the current entries, after reading the variable if necessary.
    fn read<T>(&self, read: impl FnOnce(&Entries) -> T) -> Result<T, OriginListError> {
        if let Some(entries) = &*self.current.load() {
            return Ok(read(entries));
        }
        self.first.get_or_init(|| self.start()).clone()?;
        let entries = self.current.load();
        Ok(read(entries.as_deref().unwrap_or(&Entries::default())))
    }

    fn start(&self) -> Result<(), OriginListError> {
        let entries = self.first_entries()?;
        // Keeps the entries of a `replace` that ran in the meantime, because they are newer.
        let none: Option<Arc<Entries>> = None;
        self.current
            .compare_and_swap(&none, Some(Arc::new(entries)));
        Ok(())
    }

    fn first_entries(&self) -> Result<Entries, OriginListError> {
        let error = |reason| OriginListError::new(self.variable, reason);
        let may_be_empty = self.checked(Vec::new());
        let text = match (self.variable.map(std::env::var), may_be_empty) {
            (Some(Ok(text)), _) => text,
            (Some(Err(std::env::VarError::NotUnicode(_))), _) => {
                return Err(error(Reason::NotUnicode));
            }
            (_, Ok(empty)) => return Ok(empty),
            (_, Err(_)) => return Err(error(Reason::Absent)),
        };
        let entries = text.split(|c: char| c == ',' || c.is_whitespace());
        let entries = entries.filter(|entry| !entry.is_empty());
        self.checked(entries.map(Into::into).collect())
            .map_err(|violations| error(Reason::Violations(violations)))
    }
}

impl Default for OriginList {
    fn default() -> Self {
        Self::new()
    }
}

impl OriginSource for OriginList {
    fn allows(&self, origin: &str, _: &RequestHead<'_>) -> bool {
        self.contains(origin)
    }

    fn ready(&self, credentials: bool) -> Result<(), NotReady> {
        self.ready_for(credentials, false)
    }

    fn ready_for(&self, credentials: bool, enforce: bool) -> Result<(), NotReady> {
        let keys = UsingKeys {
            credentials,
            enforce,
        };
        let mut using_keys = self.using_keys();
        let violations = self.read(|entries| entries.violations(keys));
        let violations = violations.map_err(NotReady::new)?;
        if violations.is_empty() {
            using_keys.add(keys);
            return Ok(());
        }
        let reason = Reason::Violations(violations);
        Err(NotReady::new(OriginListError::new(self.variable, reason)))
    }
}

impl fmt::Debug for OriginList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OriginList")
            .field("variable", &self.variable)
            .field("entries", &self.current.load().as_ref().map(|it| it.len()))
            .finish_non_exhaustive()
    }
}
