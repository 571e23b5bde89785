//! Sends requests to a random router, and checks the responses.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::http::header::ALLOW;

use super::build::{Mounted, Root};
use super::endpoints::{AnyService, ENDPOINT, LAYERS};
use super::requests::{Reply, actual, ensure, preflight};
use super::rules::{Layer, Policy, Registration, Rule, Rules, rules};
use super::shape::{Call, Kind, METHODS, Shape, URLS};

/// The checks that were made. A change of the generator must not remove any of them.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) refused: usize,
    requests: usize,
    readable: usize,
    preflights: usize,
    not_served: usize,
}

impl Checked {
    pub(super) fn is_complete(&self) {
        let counts = [
            self.requests,
            self.readable,
            self.preflights,
            self.not_served,
        ];
        assert!(counts.iter().all(|count| *count > 0), "{self:?}");
    }
}

/// Compares a router with axum's own.
pub(super) async fn same(
    seed: u64,
    shape: &Shape,
    oracle: &axum::Router,
    app: &Mounted,
    checked: &mut Checked,
) {
    let rules = rules(shape);
    let policies = rules.values().flat_map(|rule| [rule.policy, rule.outer]);
    let mut policies: BTreeSet<Policy> = policies.flatten().collect();
    policies.extend((0..3).map(Policy::Default));
    let oracle = AnyService::new(oracle.clone());
    let oracle = Mounted {
        app: oracle,
        prefix: "",
        root: Root::Present,
    };
    let parts = parts(shape, 0);
    for url in URLS
        .iter()
        .filter(|url| app.root == Root::Present || **url != "/")
    {
        for method in METHODS {
            let cell = Cell {
                app,
                method,
                url,
                parts: &parts,
            };
            let theirs = actual(&oracle, method, url, None).await;
            let compared = cell.compare(&theirs, &rules, &policies, checked).await;
            assert_eq!(compared, Ok(()), "seed {seed}: {method} {url}\n{shape:?}");
        }
    }
}

/// A part of a shape for which a preflight may be refused, or a header be missing, by the
/// limitations of `cors_runtime::axum`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    AxumsRouter,
    AxumsMethods,
    Converted,
    NestedFallback,
}

fn parts(shape: &Shape, depth: usize) -> BTreeSet<Part> {
    let mut all = BTreeSet::new();
    for call in &shape.calls {
        match call {
            Call::Nest(_, kind, shape) | Call::Merge(kind, shape) => {
                all.extend((*kind != Kind::Ours).then_some(Part::AxumsRouter));
                all.extend((*kind == Kind::Converted).then_some(Part::Converted));
                all.extend(parts(shape, depth + 1));
            }
            Call::NestService(_, _, shape) | Call::FallbackService(_, shape) => {
                all.extend(parts(shape, depth));
            }
            Call::RouteAxums(..) => _ = all.insert(Part::AxumsMethods),
            Call::Fallback(_) if depth > 0 => _ = all.insert(Part::NestedFallback),
            _ => {}
        }
    }
    all
}

/// The origins that the responses to a cell allow.
#[derive(Debug, Default)]
struct Allowed {
    to_read: BTreeSet<Policy>,
    preflights: BTreeSet<Policy>,
}

/// A method and a URL.
struct Cell<'a> {
    app: &'a Mounted,
    method: &'static str,
    url: &'static str,
    parts: &'a BTreeSet<Part>,
}

impl Cell<'_> {
    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    async fn compare(
        &self,
        theirs: &Reply,
        rules: &Rules,
        policies: &BTreeSet<Policy>,
        checked: &mut Checked,
    ) -> Result<(), String> {
        let ours = actual(self.app, self.method, self.url, None).await;
        self.is_same(theirs, &ours)?;
        let name = ours.lines(ENDPOINT).first().copied();
        let rule = name.and_then(|name| rules.get(name));
        let mut allowed = Allowed::default();
        for policy in policies {
            self.ask(theirs, rule, *policy, &mut allowed).await?;
        }
        checked.requests += 1 + 2 * policies.len();
        checked.readable += allowed.to_read.len();
        checked.preflights += allowed.preflights.len();
        let checked = match rule {
            Some(rule) => self.is_by_rule(rule, rules, &allowed),
            None => is_not_served(ours.status, &allowed, checked),
        };
        checked.map_err(|error| format!("{error}, served by {name:?} {rule:?}: {allowed:?}"))
    }

    /// Compares status, body, layers and `Allow` with axum.
    fn is_same(&self, theirs: &Reply, ours: &Reply) -> Result<(), String> {
        let of = |reply: &Reply| {
            // On a path that a router of axum's own shares, the 405 is that of our router.
            let is_shared =
                self.has(Part::AxumsRouter) && reply.status == StatusCode::METHOD_NOT_ALLOWED;
            let layers = reply.lines(LAYERS).into_iter().filter(|_| !is_shared);
            let layers: Vec<_> = layers.map(str::to_owned).collect();
            (reply.status, reply.body.clone(), layers)
        };
        let is_same = of(theirs) == of(ours) || self.is_options_of_shared_path(ours);
        ensure(is_same, || format!("{:?}, not {:?}", of(ours), of(theirs)))?;
        ensure(ours.allowed()?.is_none(), || {
            "readable without an origin".to_owned()
        })?;
        let (theirs, mut ours) = (theirs.tokens(ALLOW), ours.tokens(ALLOW));
        if self.has(Part::AxumsRouter) && !theirs.contains("options") {
            ours.remove("options");
        }
        // A converted router does not list the methods that are merged into it later.
        let is_converted = self.has(Part::Converted) && ours.is_subset(&theirs);
        let is_same = theirs == ours || is_converted || self.method == "OPTIONS";
        ensure(is_same, || format!("Allow: {ours:?}, not {theirs:?}"))
    }

    /// On a path that a router of axum's own shares, the OPTIONS endpoint does not know the
    /// fallback of that router.
    fn is_options_of_shared_path(&self, ours: &Reply) -> bool {
        self.method == "OPTIONS"
            && self.has(Part::AxumsRouter)
            && ours.status == StatusCode::METHOD_NOT_ALLOWED
    }

    async fn ask(
        &self,
        theirs: &Reply,
        rule: Option<&Rule>,
        policy: Policy,
        allowed: &mut Allowed,
    ) -> Result<(), String> {
        let origin = policy.origin();
        let reply = actual(self.app, self.method, self.url, Some(&origin)).await;
        if let Some(reader) = reply.allowed()? {
            ensure(reader == origin, || format!("{origin} got {reader}"))?;
            allowed.to_read.insert(policy);
        }
        let is_refused = reply.status == StatusCode::FORBIDDEN && reply.body.is_empty();
        if is_refused {
            let is_by_outer = rule.is_none_or(|rule| {
                rule.outer.is_some() || rule.registration == Registration::Fallback
            });
            ensure(is_by_outer, || format!("{origin} is refused"))?;
        } else {
            let is_same = (reply.status, &reply.body) == (theirs.status, &theirs.body)
                || self.is_options_of_shared_path(&reply);
            ensure(is_same, || format!("{} for {origin}", reply.status))?;
        }
        let reply = preflight(self.app, self.method, self.url, &origin).await;
        if let Some(reader) = reply.allowed()? {
            ensure(reader == origin, || format!("{origin} got {reader}"))?;
            ensure(reply.lines(LAYERS).is_empty(), || {
                "a layer saw a preflight".to_owned()
            })?;
            ensure(reply.body.is_empty(), || {
                "a preflight with a body".to_owned()
            })?;
            allowed.preflights.insert(policy);
        }
        Ok(())
    }

    /// Checks that only the policy of the endpoint applies.
    fn is_by_rule(&self, rule: &Rule, rules: &Rules, allowed: &Allowed) -> Result<(), String> {
        let readers: BTreeSet<Policy> = rule.policy.into_iter().collect();
        let is_known = match rule.registration {
            Registration::CatchAll => !self.has(Part::AxumsMethods),
            Registration::Named => !self.has(Part::AxumsMethods) || self.method != "HEAD",
            Registration::Fallback => true,
            Registration::Unknown => false,
        };
        ensure(allowed.to_read.is_subset(&readers), || "a leak".to_owned())?;
        ensure(!is_known || allowed.to_read == readers, || {
            "no headers".to_owned()
        })?;
        let outer = rule.outer.or(rule.policy);
        let is_default = |policy: &Policy| matches!(policy, Policy::Default(_));
        // An `any` of a converted router does not know the methods that are merged into its path.
        let is_of_converted_any = |policy: &Policy| {
            self.has(Part::Converted)
                && rules.values().any(|rule| {
                    rule.registration == Registration::CatchAll
                        && rule.layer == Layer::InService
                        && rule.policy == Some(*policy)
                })
        };
        let is_allowed = |policy: &Policy| {
            Some(*policy) == outer
                || (rule.registration == Registration::Fallback && is_default(policy))
                || is_of_converted_any(policy)
        };
        ensure(allowed.preflights.iter().all(is_allowed), || {
            "a preflight leak".to_owned()
        })?;
        let is_granted = outer.is_none_or(|outer| allowed.preflights.contains(&outer));
        ensure(is_granted || !self.must_pass(rule), || {
            "no preflight".to_owned()
        })
    }

    fn must_pass(&self, rule: &Rule) -> bool {
        let is_foreign = rule.outer.is_some() && self.has(Part::AxumsRouter);
        if rule.layer == Layer::InService || is_foreign {
            return false;
        }
        let has_axums = self.has(Part::AxumsRouter) || self.has(Part::AxumsMethods);
        let is_safelisted = ["GET", "HEAD", "POST"].contains(&self.method);
        match rule.registration {
            Registration::Named => {
                self.method != "OPTIONS" && (self.method != "HEAD" || !has_axums)
            }
            Registration::CatchAll => is_safelisted && !has_axums,
            Registration::Fallback => {
                is_safelisted && !self.has(Part::AxumsRouter) && !self.has(Part::NestedFallback)
            }
            Registration::Unknown => false,
        }
    }
}

/// Checks a request that is not served. A default policy applies to a 404, and a policy of the path
/// to a 405. No policy of a handler allows the preflight.
fn is_not_served(
    status: StatusCode,
    allowed: &Allowed,
    checked: &mut Checked,
) -> Result<(), String> {
    checked.not_served += 1;
    let is_own = |policy: &Policy| matches!(policy, Policy::Own(_));
    let is_404 = status == StatusCode::NOT_FOUND;
    let is_leak = is_404 && allowed.to_read.iter().any(is_own);
    ensure(!is_leak, || "a leak of a 404".to_owned())?;
    let is_leak = allowed.preflights.iter().any(is_own);
    ensure(!is_leak, || {
        "a preflight for a method that is not served".to_owned()
    })
}
