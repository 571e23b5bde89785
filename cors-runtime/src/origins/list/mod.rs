//! Lists of origins that come from where the program runs, and can be replaced while it does.

mod entries;
mod error;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use arc_swap::ArcSwapOption;
use cors_rules::{ListSpec, OriginEntry, Rule, Violation};

use self::entries::Entries;
pub use self::error::OriginListError;
use self::error::Reason;
use super::{NotReady, OriginSource};
use crate::request::RequestHead;

/// Origins that are not known when the program is compiled: from the environment, a file or a
/// database.
///
/// It takes the entries of the attribute and checks them by the same [rules](crate::rules): exact
/// origins, `https://*.` and `:*`, with the feature `regex` also [`OriginEntry::regex`]; but never
/// `"*"`. If an entry breaks a rule, the whole list is refused with every violation; no entry is
/// skipped.
///
/// # From the environment
///
/// ```
/// use cors_runtime::OriginList;
///
/// static ORIGINS: OriginList = OriginList::from_env("CORS_ORIGINS");
/// ```
///
/// The variable is read once, when a handler whose policy names the list is mounted, and a mistake
/// in it panics there.
///
/// # Replaced while requests run
///
/// ```
/// use cors_runtime::{OriginList, OriginListError};
///
/// static TENANTS: OriginList = OriginList::new();
///
/// /// Whenever a tenant comes or goes.
/// fn refresh(origins: Vec<String>) -> Result<(), OriginListError> {
///     TENANTS.replace(origins)
/// }
/// # refresh(vec!["https://blue.example.com".into()])?;
/// # assert!(TENANTS.contains("https://blue.example.com"));
/// # assert!(!TENANTS.contains("https://red.example.com"));
/// # Ok::<(), OriginListError>(())
/// ```
///
/// A request sees the old list or the new one, never a part of both, and waits for neither. The old
/// one is freed with its last reader.
///
/// # The rules that depend on the policy
///
/// A policy with `credentials` refuses insecure origins (rule `insecure_origin`). A list does not
/// know who names it, so it is asked again for each policy that does, at mount; from the first one
/// with `credentials` on, [`replace`](Self::replace) keeps to that rule, too.
pub struct OriginList {
    /// Where the first entries come from.
    variable: Option<&'static str>,
    /// Which of [`ListSpec::ALLOWABLE`] it need not keep to.
    allow: [bool; ListSpec::ALLOWABLE.len()],
    current: ArcSwapOption<Entries>,
    /// What came of the first look at the variable.
    first: OnceLock<Result<(), OriginListError>>,
    /// Whether a policy with `credentials` names it. Readers do not ask; writers hold it while
    /// they replace the list.
    credentials: Mutex<bool>,
}

impl OriginList {
    /// A list that is filled by [`replace`](Self::replace), and not ready before that.
    pub const fn new() -> Self {
        Self::starting_with(None)
    }

    /// A list from an environment variable, separated by commas, white space or both.
    ///
    /// It is read once, at the first question. What is not set, or names no origin, is an error
    /// unless [`allow_empty`](Self::allow_empty) says otherwise. A regex cannot be told from
    /// other text there: put it into the attribute, beside the list.
    pub const fn from_env(variable: &'static str) -> Self {
        Self::starting_with(Some(variable))
    }

    const fn starting_with(variable: Option<&'static str>) -> Self {
        Self {
            variable,
            allow: [false; ListSpec::ALLOWABLE.len()],
            current: ArcSwapOption::const_empty(),
            first: OnceLock::new(),
            credentials: Mutex::new(false),
        }
    }

    /// A list that is filled from the start.
    ///
    /// # Errors
    ///
    /// Every rule that an entry breaks.
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

    /// A list may be empty, then and later; a variable need not be set; a [`new`](Self::new) list
    /// is ready as it is.
    #[must_use]
    pub const fn allow_empty(self) -> Self {
        self.allow(Rule::MissingOrigins)
    }

    /// Does without a rule: [`InsecureOrigin`](Rule::InsecureOrigin),
    /// [`PublicSuffix`](Rule::PublicSuffix), [`LooseRegex`](Rule::LooseRegex), and what a
    /// configuration may well say twice, [`DuplicateOrigin`](Rule::DuplicateOrigin) and
    /// [`CoveredOrigin`](Rule::CoveredOrigin).
    ///
    /// It holds for every policy that names the list; `allow(...)` in an attribute says nothing
    /// about it.
    ///
    /// ```
    /// use cors_runtime::{OriginList, Rule};
    ///
    /// static INTRANET: OriginList = OriginList::from_env("ORIGINS").allow(Rule::InsecureOrigin);
    /// ```
    ///
    /// # Panics
    ///
    /// For every other rule. In the initialiser of a `static` that is an error at compile time.
    #[must_use]
    pub const fn allow(mut self, rule: Rule) -> Self {
        let mut place = 0;
        // `const` knows neither iterators nor `==` of enums.
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

    /// Makes these the entries, for every request from now on.
    ///
    /// # Errors
    ///
    /// Every rule that an entry breaks. The list then stays as it was.
    pub fn replace<T: Into<OriginEntry>>(
        &self,
        entries: impl IntoIterator<Item = T>,
    ) -> Result<(), OriginListError> {
        let entries = self.new_entries(entries)?;
        let credentials = self.named_with_credentials();
        Self::check_insecure(&entries, *credentials)?;
        self.current.store(Some(Arc::new(entries)));
        Ok(())
    }

    /// What [`replace`](Self::replace) would say, for an entry that is to be kept somewhere: once
    /// it is there, one entry that breaks a rule would keep the whole list from being replaced.
    ///
    /// # Errors
    ///
    /// Every rule that an entry breaks.
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
        Self::check_insecure(&entries, *self.named_with_credentials())
    }

    fn new_entries<T: Into<OriginEntry>>(
        &self,
        entries: impl IntoIterator<Item = T>,
    ) -> Result<Entries, OriginListError> {
        let entries = entries.into_iter().map(Into::into).collect();
        let refused = |violations| OriginListError::new(None, Reason::Violations(violations));
        self.checked(entries).map_err(refused)
    }

    fn check_insecure(entries: &Entries, credentials: bool) -> Result<(), OriginListError> {
        if credentials && !entries.insecure.is_empty() {
            let violations = Reason::Violations(entries.insecure.clone());
            return Err(OriginListError::new(None, violations));
        }
        Ok(())
    }

    /// Whether an entry stands for `origin`. Of a list that is not ready, none does.
    pub fn contains(&self, origin: &str) -> bool {
        self.read(|entries| entries.allow(origin)).unwrap_or(false)
    }

    /// How many different entries there are; 0 where the list is not ready.
    pub fn len(&self) -> usize {
        self.read(Entries::len).unwrap_or(0)
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn checked(&self, entries: Vec<OriginEntry>) -> Result<Entries, Vec<Violation>> {
        let rules = ListSpec::ALLOWABLE.into_iter().zip(self.allow);
        let allow = rules.filter_map(|(rule, allowed)| allowed.then_some(rule));
        Entries::new(&ListSpec::new(entries, allow.collect()))
    }

    fn named_with_credentials(&self) -> MutexGuard<'_, bool> {
        // Nothing that runs under the lock leaves it half done.
        let credentials = self.credentials.lock();
        credentials.unwrap_or_else(PoisonError::into_inner)
    }

    /// One generation of the list, for as long as `read` takes.
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
        // Who was faster with `replace` has the newer list.
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
        let mut named_with_credentials = self.named_with_credentials();
        let insecure = self.read(|entries| entries.insecure.clone());
        let insecure = insecure.map_err(NotReady::new)?;
        if !credentials {
            return Ok(());
        }
        if insecure.is_empty() {
            *named_with_credentials = true;
            return Ok(());
        }
        let reason = Reason::Violations(insecure);
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
