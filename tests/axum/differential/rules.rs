//! The policy of each endpoint, as documented.

use std::collections::BTreeMap;

use super::shape::{Call, Handler, Kind, Methods, Shape};

/// A policy: of an annotated handler, or a default policy. Its name is the host of its origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Policy {
    Own(usize),
    Default(usize),
}

impl Policy {
    pub(super) fn origin(self) -> String {
        match self {
            Self::Own(number) => format!("https://h{number}.example"),
            Self::Default(number) => format!("https://d{number}.example"),
        }
    }
}

/// How a handler is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Registration {
    Named,
    /// The preflights are refused if a router of axum's own shares the path.
    CatchAll,
    /// The default policy may answer the preflights, if the router contains a router of axum's own.
    Fallback,
    /// In a method router of axum's own, where several defaults of one path exclude each other, or
    /// in several services.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    Outermost,
    /// In a service, so that the user's layers outside of the service see the preflights.
    InService,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) registration: Registration,
    /// The policy of the responses.
    pub(super) policy: Option<Policy>,
    /// The default policy of a service that contains the endpoint. It answers the preflights.
    pub(super) outer: Option<Policy>,
    /// The position of the layer that answers the preflights.
    pub(super) layer: Layer,
}

/// The rules of the endpoints, by name.
pub(super) type Rules = BTreeMap<String, Rule>;

/// The rules of a shape.
pub(super) fn rules(shape: &Shape) -> Rules {
    let units = units(shape).into_iter();
    units.flat_map(|unit| unit.rules).collect()
}

/// A handler, or a service with all of its endpoints, to which a default policy applies as a whole.
struct Unit {
    rules: Rules,
    is_service: bool,
    is_covered: bool,
}

fn units(shape: &Shape) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut default = None;
    for call in &shape.calls {
        match call {
            Call::Route(_, methods) => units.extend(of_methods(methods)),
            Call::RouteAxums(_, methods) => units.extend(of_axums_methods(methods)),
            Call::RouteService(_, number) | Call::FallbackPlainService(number) => {
                units.push(plain(*number, Registration::Named));
            }
            Call::Nest(_, Kind::Ours, shape) | Call::Merge(Kind::Ours, shape) => {
                units.extend(self::units(shape));
            }
            Call::Nest(_, _, shape)
            | Call::Merge(_, shape)
            | Call::NestService(_, _, shape)
            | Call::FallbackService(_, shape) => units.push(service(rules(shape))),
            Call::NestMethods(_, methods) | Call::FallbackMethods(methods) => {
                let inner = of_methods(methods).into_iter();
                units.push(service(inner.flat_map(|unit| unit.rules).collect()));
            }
            Call::Fallback(handler) => units.push(unit(*handler, Registration::Fallback)),
            Call::Default(number) => default = Some(Policy::Default(*number)),
            Call::MethodNotAllowed(_)
            | Call::ResetFallback
            | Call::Layer(_)
            | Call::RouteLayer(_)
            | Call::WithState => {}
        }
    }
    if let Some(default) = default {
        for unit in &mut units {
            unit.cover(default);
        }
    }
    units
}

impl Unit {
    fn cover(&mut self, default: Policy) {
        if std::mem::replace(&mut self.is_covered, true) {
            return;
        }
        for rule in self.rules.values_mut() {
            rule.policy.get_or_insert(default);
            if self.is_service {
                if rule.outer.replace(default).is_some() {
                    // A default policy between the two may refuse the origin of the endpoint.
                    rule.registration = Registration::Unknown;
                }
                rule.layer = Layer::Outermost;
            }
        }
    }
}

fn unit(handler: Handler, registration: Registration) -> Unit {
    match handler {
        Handler::Plain(number) => plain(number, registration),
        Handler::Annotated(number) => {
            let rule = Rule {
                registration,
                policy: Some(Policy::Own(number)),
                outer: None,
                layer: Layer::Outermost,
            };
            Unit {
                rules: [(format!("h{number}"), rule)].into(),
                is_service: false,
                is_covered: true,
            }
        }
    }
}

fn plain(number: usize, registration: Registration) -> Unit {
    let rule = Rule {
        registration,
        policy: None,
        outer: None,
        layer: Layer::Outermost,
    };
    Unit {
        rules: [(format!("p{number}"), rule)].into(),
        is_service: false,
        is_covered: false,
    }
}

fn service(mut rules: Rules) -> Unit {
    for rule in rules.values_mut() {
        rule.layer = Layer::InService;
    }
    Unit {
        rules,
        is_service: true,
        is_covered: false,
    }
}

fn of_methods(methods: &Methods) -> Vec<Unit> {
    let named = methods.on.iter();
    let named = named.map(|(_, handler)| unit(*handler, Registration::Named));
    let services = methods.services.iter();
    let services = services.map(|(_, number)| plain(*number, Registration::Named));
    let catch_all = methods.any.iter().chain(&methods.fallback);
    let catch_all = catch_all.map(|handler| unit(*handler, Registration::CatchAll));
    named.chain(services).chain(catch_all).collect()
}

fn of_axums_methods(methods: &Methods) -> Vec<Unit> {
    let mut units = of_methods(methods);
    for unit in &mut units {
        for rule in unit.rules.values_mut() {
            rule.registration = Registration::Unknown;
        }
    }
    units
}
