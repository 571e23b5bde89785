//! Checks the responses of an app against its twin.

use super::answer::{Answer, Sent, SentRequest};
use super::random::Random;
use super::shape::{AppShape, Around, Middleware};

const PATHS: [&str; 17] = [
    "/", "/a", "/a/", "//a", "/a/b", "/5", "/s", "/s/", "/s/a", "/s/5", "/s/a/b", "/5/b", "/s/s/a",
    "/a/a", "/a/a/b", "/q/r/t", "/5/a",
];
const METHODS: [&str; 5] = ["GET", "HEAD", "PUT", "POST", "DELETE"];
const DEFAULTS: [&str; 2] = ["default", "other"];

/// One request to an app, and the response of the twin.
struct Case<'a> {
    shape: &'a AppShape,
    sent: SentRequest<'a>,
    twin: Answer,
}

/// The endpoint that serves a request.
#[derive(Debug, PartialEq, Eq)]
enum Owner<'a> {
    Annotated(&'a str),
    Plain,
    /// No handler: the response is a 404 or a 405.
    NoHandler,
}

pub(super) async fn check(
    shape: &AppShape,
    random: &mut Random,
    report: &mut impl FnMut(&'static str, String),
) {
    let (app, twin) = (Sent::app(shape, false).await, Sent::app(shape, true).await);
    let mut names = shape.names();
    names.extend(DEFAULTS);
    for _ in 0..8 {
        let path = random.one_of(&PATHS);
        let is_guarded = random.once_in(3);
        for method in METHODS {
            let sent = SentRequest {
                method,
                path,
                is_guarded,
                origin: None,
                requested_method: None,
            };
            let twin = twin.answer(sent).await;
            let case = Case { shape, sent, twin };
            let others = (0..3).map(|_| random.one_of(&names));
            let mut tried: Vec<_> = others.chain(case.owner().name()).collect();
            tried.sort_unstable();
            tried.dedup();
            case.check(&app, &tried, report).await;
        }
    }
}

impl Case<'_> {
    async fn check(
        &self,
        app: &Sent,
        names: &[&str],
        report: &mut impl FnMut(&'static str, String),
    ) {
        let mut fault = |kind, name: &str, answer: &Answer| {
            let Self { sent, twin, .. } = self;
            report(
                kind,
                format!("{name}: {sent:?}\n{answer:?}\ntwin: {twin:?}"),
            );
        };
        let plain = app.answer(self.sent).await;
        if !plain.allowed_origins.is_empty() || !self.is_same(&plain) {
            fault("without Origin", "", &plain);
        }
        for name in names {
            let origin = format!("https://{name}.example");
            let origin = Some(&*origin);
            let actual = app
                .answer(SentRequest {
                    origin,
                    ..self.sent
                })
                .await;
            if let Some(kind) = self.actual_fault(name, &actual) {
                fault(kind, name, &actual);
            }
            let preflight = SentRequest {
                method: "OPTIONS",
                origin,
                requested_method: Some(self.sent.method),
                ..self.sent
            };
            let preflight = app.answer(preflight).await;
            if let Some(kind) = self.preflight_fault(name, &preflight) {
                fault(kind, name, &preflight);
            }
        }
    }

    fn owner(&self) -> Owner<'_> {
        match &*self.twin.body {
            "" if self.sent.method != "HEAD" || self.twin.status >= 400 => Owner::NoHandler,
            body if body.starts_with('p') => Owner::Plain,
            body => Owner::Annotated(body),
        }
    }

    /// Returns whether the answer is the same as the answer of the twin.
    fn is_same(&self, answer: &Answer) -> bool {
        match self.shape.middleware {
            Middleware::None | Middleware::Normalize => {
                answer.status == self.twin.status && answer.body == self.twin.body
            }
            Middleware::Refuse => answer.status == 401,
            Middleware::Fail => answer.status == 403,
        }
    }

    fn is_refused(&self) -> bool {
        matches!(self.shape.middleware, Middleware::Refuse | Middleware::Fail)
    }

    fn actual_fault(&self, name: &str, answer: &Answer) -> Option<&'static str> {
        if answer.allowed_origins.len() > 1 {
            return Some("doubled header");
        }
        if answer.vary.iter().filter(|it| *it == "origin").count() > 1 {
            return Some("doubled Vary");
        }
        let is_fenced = answer.status == 403 && answer.allowed_origins.is_empty();
        if !self.is_same(answer) && !is_fenced {
            return Some("another answer");
        }
        if answer.allowed_origins.is_empty() {
            let is_missing = self.owner() == Owner::Annotated(name) && !self.is_refused();
            return is_missing.then_some("MISSING");
        }
        if !answer.vary.iter().any(|it| it == "origin") {
            return Some("no Vary");
        }
        let may_read = match self.owner() {
            // A middleware of the app refuses before guards decide.
            _ if self.is_refused() && self.shape.has_guarded_scope() => true,
            Owner::Plain if self.is_refused() && !self.is_plain_first() => true,
            Owner::Annotated(owner) => owner == name,
            Owner::NoHandler if self.twin.status == 405 && name.starts_with('r') => true,
            Owner::Plain | Owner::NoHandler => self.is_default(name),
        };
        (!may_read).then_some("LEAK")
    }

    fn preflight_fault(&self, name: &str, answer: &Answer) -> Option<&'static str> {
        let is_response_of_user = self.twin.body != "pdefault" && !answer.body.is_empty();
        if is_response_of_user && answer.body != "pdefault" {
            return Some("a handler ran for a preflight of");
        }
        let is_allowed = answer.status == 204 && !answer.allowed_origins.is_empty();
        let owner = self.owner();
        if owner == Owner::Annotated(name) {
            let may_miss = self.is_refused() || !self.is_first_annotated();
            return (!is_allowed && !may_miss).then_some("preflight MISSING");
        }
        let may_allow = match owner {
            Owner::Annotated(_) => false,
            // A `Cors` outside of a scope does not know whether the guards of the scope pass.
            _ if self.shape.has_guarded_scope() && self.shape.has_cors() => true,
            Owner::Plain => {
                self.is_default(name)
                    || !self.is_plain_first()
                    || self.shape.share_a_path(&self.twin.body, name)
            }
            // Without the last slash, the path does not have a resource.
            Owner::NoHandler if self.is_trimmed() => true,
            // A `Cors` also does not know a scope without policies, which takes the path.
            Owner::NoHandler if self.shape.has_cors() && self.shape.has_plain_scope() => true,
            Owner::NoHandler => self.is_default(name),
        };
        (is_allowed && !may_allow).then_some("preflight LEAK")
    }

    fn is_default(&self, name: &str) -> bool {
        match name {
            "default" => self.shape.around == Around::Default,
            "other" => self.shape.has_default_scope(),
            _ => false,
        }
    }

    fn is_trimmed(&self) -> bool {
        self.shape.middleware == Middleware::Normalize && self.sent.path.ends_with('/')
    }

    fn is_first_annotated(&self) -> bool {
        let first = self.twin.first.as_deref();
        first.is_some_and(|first| !first.starts_with('p'))
    }

    /// Returns whether the plain handler that serves the request is the first resource of its path.
    /// actix-web does not show other resources.
    fn is_plain_first(&self) -> bool {
        self.twin.first.as_deref() == Some(&*self.twin.body)
    }
}

impl<'a> Owner<'a> {
    fn name(&self) -> Option<&'a str> {
        match self {
            Self::Annotated(name) => Some(name),
            Self::Plain | Self::NoHandler => None,
        }
    }
}
