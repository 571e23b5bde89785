//! One annotated path, every header value made: what its requests are judged by.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, HeaderValue};
use axum::response::Response;

use super::table::{Handlers, Others, Owner};
use crate::answers::{Answered, Answers, Open};
use crate::decision;
use crate::denial::Denial;
use crate::future;
use crate::http::{self, Actual};
use crate::outer::Outer;
use crate::policy::Policy;
use crate::reply;
use crate::request::{self, Class};
use crate::siblings;

/// One annotated path.
#[derive(Debug)]
pub(crate) struct Path {
    handlers: Handlers,
    /// By the place of the handler; `None` for those without a policy.
    rules: Vec<Option<Rules>>,
    /// For handlers that are not known, where the router around them has a policy.
    default: Option<Rules>,
    /// The value of `Allow` for what no handler serves by name.
    allow: Option<HeaderValue>,
    /// Whether a policy has to ask somebody.
    asks: bool,
}

/// The policy of one handler on this path, its own or that of the router around it.
type Rules = siblings::Rules<HeaderValue>;

/// What is done about a request.
pub(crate) enum Verdict {
    /// It is answered here.
    Answer(Response),
    /// It goes on to axum, and the response comes by here again.
    Inward(After),
}

impl Default for Verdict {
    fn default() -> Self {
        Self::Inward(After::default())
    }
}

/// What is done about the response. By default nothing.
#[derive(Debug, Default)]
pub(crate) struct After {
    /// The headers of a policy.
    actual: Option<Actual>,
    /// `Allow`, if there is none yet. axum's own would count our OPTIONS endpoint.
    allow: Option<HeaderValue>,
    /// Only for a 405: else somebody unknown has served it after all.
    unless_served: bool,
    /// The policy around something that is not known: a policy inside of it has the last word.
    around: Option<&'static Policy>,
    /// Where that says it.
    inside: Option<Outer>,
}

impl Path {
    pub(crate) fn new(handlers: Handlers) -> Self {
        let rules = handlers.mounted.iter().enumerate();
        let rules = rules.map(|(place, it)| {
            let owner = Owner::Handler(place);
            Some(rules_of(&handlers, owner, it.policy()?))
        });
        let rules = rules.collect();
        let default = handlers.default.filter(|_| handlers.others != Others::No);
        let default = default.map(|policy| rules_of(&handlers, Owner::Unknown, policy));
        let allow = handlers.allow().filter(|names| !names.is_empty());
        let allow = allow.and_then(|names| HeaderValue::try_from(names.join(",")).ok());
        let mut path = Self {
            handlers,
            rules,
            default,
            allow,
            asks: false,
        };
        let asks = path.policies().any(Policy::asks);
        path.asks = asks;
        path
    }

    /// What has to be asked before that request can be judged, beyond what is known.
    pub(crate) fn open(&self, sent: &Request, known: &Answers) -> Open {
        if !self.asks {
            return Open::default();
        }
        let preflight = request::classify(sent) == Class::Preflight;
        let owner = if preflight {
            let method = decision::requested_name(sent);
            method.map_or(Owner::Nobody, |method| self.handlers.owner(method))
        } else {
            self.handlers.owner(sent.method().as_str())
        };
        let request = Answered {
            request: sent,
            answers: known,
        };
        match self.rules(owner) {
            Some(rules) => Open::of([rules.policy], &request),
            // Whatever they would say, it is refused or nobody's.
            None if preflight || matches!(owner, Owner::Handler(_)) => Open::default(),
            // A 405, which any of them may allow.
            None => Open::of(self.policies(), &request),
        }
    }

    pub(crate) fn judge(&self, sent: &Request, answers: &Answers) -> Verdict {
        match request::classify(sent) {
            Class::Preflight => self.preflight(sent, answers),
            Class::NotCors | Class::Actual => self.actual(sent, answers),
        }
    }

    fn policies(&self) -> impl Iterator<Item = &'static Policy> + Clone {
        let rules = self.rules.iter().chain([&self.default]).flatten();
        rules.map(|rules| rules.policy)
    }

    fn preflight(&self, request: &Request, answers: &Answers) -> Verdict {
        let refuse = |denial| Verdict::Answer(reply::refuse(denial, None, request).into_response());
        let method = match decision::requested_name(request) {
            Ok(method) => method,
            Err(denial) => return refuse(denial),
        };
        let owner = self.handlers.owner(method);
        if owner == Owner::Nobody {
            return refuse(Denial::NotServed);
        }
        match self.rules(owner) {
            Some(rules) => {
                let reply = rules.preflight(&Answered { request, answers });
                Verdict::Answer(reply.into_response())
            }
            // Somebody else's business: the user's OPTIONS handler, an inner layer, axum's 405.
            None => Verdict::default(),
        }
    }

    fn actual(&self, request: &Request, answers: &Answers) -> Verdict {
        let owner = self.handlers.owner(request.method().as_str());
        let rules = self.rules(owner);
        let Some(rules) = rules else {
            return Verdict::Inward(self.without_policy(owner, request, answers));
        };
        match http::actual(rules.policy, request, answers) {
            Ok(actual) => Verdict::Inward(After {
                actual: Some(actual),
                allow: self.allow_of(owner),
                around: (!self.handlers.is_known(owner)).then_some(rules.policy),
                ..After::default()
            }),
            Err(reply) => Verdict::Answer(reply.into_response()),
        }
    }

    /// A plain handler's answer, or axum's 405, or that of the user's method fallback.
    fn without_policy(&self, owner: Owner, request: &Request, answers: &Answers) -> After {
        let allow = self.allow_of(owner);
        if let Owner::Handler(_) = owner {
            return After {
                allow,
                ..After::default()
            };
        }
        let unless_served = owner == Owner::Unknown;
        let actual = reply::first_that_allows(self.policies(), &Answered { request, answers });
        if !unless_served {
            http::hand_over(request, actual.as_ref());
        }
        After {
            actual,
            allow,
            unless_served,
            ..After::default()
        }
    }

    /// For all but what a handler serves by name, as axum has it.
    fn allow_of(&self, owner: Owner) -> Option<HeaderValue> {
        let by_name = match owner {
            Owner::Handler(place) => !self.handlers.mounted[place].serves.is_rest(),
            Owner::Nobody | Owner::Unknown => false,
        };
        self.allow.clone().filter(|_| !by_name)
    }

    fn rules(&self, owner: Owner) -> Option<&Rules> {
        match owner {
            Owner::Handler(place) => self.rules.get(place)?.as_ref(),
            Owner::Unknown => self.default.as_ref(),
            Owner::Nobody => None,
        }
    }
}

fn rules_of(handlers: &Handlers, owner: Owner, policy: &'static Policy) -> Rules {
    let methods = handlers.advertised(owner, policy);
    Rules::new(policy, methods, handlers.must_not_cache(owner, policy))
}

impl After {
    /// To be called before the request goes inward.
    pub(crate) fn enter(&mut self, request: &mut Request) {
        if let Some(policy) = self.around
            && let Some(actual) = self.actual.take()
        {
            self.inside = Some(Outer::enter(request, policy.into(), actual));
        }
    }
}

impl future::After<Response> for After {
    fn apply(self, response: &mut Response) {
        if self.unless_served && response.status() != StatusCode::METHOD_NOT_ALLOWED {
            return;
        }
        if let Some(allow) = self.allow {
            response.headers_mut().entry(ALLOW).or_insert(allow);
        }
        let inside = self.inside.and_then(|inside| inside.said());
        if let Some(actual) = self.actual.or(inside) {
            actual.apply(response.headers_mut());
        }
    }
}
