//! The shapes of random routers.

use super::endpoints::ANNOTATED;

/// A router, as a list of calls.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) calls: Vec<Call>,
}

/// A handler. Each handler is used once in a router, so a response identifies the handler.
#[derive(Clone, Copy, Debug)]
pub(super) enum Handler {
    Annotated(usize),
    Plain(usize),
}

#[derive(Debug)]
pub(super) struct Methods {
    pub(super) any: Option<Handler>,
    pub(super) on: Vec<(usize, Handler)>,
    pub(super) services: Vec<(usize, usize)>,
    pub(super) fallback: Option<Handler>,
    pub(super) layer: Option<usize>,
}

/// The router type of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ours,
    /// Plain handlers in axum's own router.
    Axums,
    /// A router of this crate, converted into axum's.
    Converted,
}

#[derive(Debug)]
pub(super) enum Call {
    Route(&'static str, Methods),
    /// With axum's own method router.
    RouteAxums(&'static str, Methods),
    RouteService(&'static str, usize),
    Nest(&'static str, Kind, Shape),
    NestService(&'static str, Kind, Shape),
    NestMethods(&'static str, Methods),
    Merge(Kind, Shape),
    Fallback(Handler),
    FallbackMethods(Methods),
    FallbackService(Kind, Shape),
    FallbackPlainService(usize),
    MethodNotAllowed(usize),
    ResetFallback,
    Layer(usize),
    RouteLayer(usize),
    Default(usize),
    WithState,
}

pub(super) const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
const PATHS: [&str; 9] = [
    "/", "/a", "/b", "/{x}", "/a/b", "/a/{x}", "/{*rest}", "/a/", "/v{x}",
];
const PREFIXES: [&str; 6] = ["/a", "/b", "/{t}", "/a/b", "/a/", "/c"];
pub(super) const URLS: [&str; 13] = [
    "/", "/a", "/b", "/c", "/a/", "/a/b", "/a/c", "/a/b/c", "/a//b", "/%61", "/v1", "/c/a",
    "/b/a/b",
];

pub(super) struct Generator {
    random: u64,
    annotated: usize,
    plain: usize,
    layers: usize,
    /// Inside of a router of axum's own.
    is_plain: bool,
}

impl Generator {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: seed,
            annotated: 0,
            plain: 0,
            layers: 0,
            is_plain: false,
        }
    }

    /// The generator splitmix64.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("a small number");
        usize::try_from(self.next() % bound).expect("less than the bound")
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn plain(&mut self) -> usize {
        self.plain += 1;
        self.plain
    }

    fn layer(&mut self) -> usize {
        self.layers += 1;
        self.layers
    }

    fn handler(&mut self) -> Handler {
        if !self.is_plain && self.annotated < ANNOTATED && self.chance(60) {
            self.annotated += 1;
            Handler::Annotated(self.annotated - 1)
        } else {
            Handler::Plain(self.plain())
        }
    }

    fn maybe(&mut self, percent: usize) -> Option<Handler> {
        self.chance(percent).then(|| self.handler())
    }

    fn methods(&mut self) -> Methods {
        let any = self.maybe(12);
        let (mut on, mut services) = (Vec::new(), Vec::new());
        for method in 0..METHODS.len() {
            let percent = if method == 0 { 45 } else { 14 };
            if self.chance(percent) {
                on.push((method, self.handler()));
            } else if self.chance(3) {
                services.push((method, self.plain()));
            }
        }
        let fallback = if any.is_none() { self.maybe(10) } else { None };
        let layer = self.chance(10).then(|| self.layer());
        Methods {
            any,
            on,
            services,
            fallback,
            layer,
        }
    }

    fn plainly<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let was_plain = std::mem::replace(&mut self.is_plain, true);
        let result = make(self);
        self.is_plain = was_plain;
        result
    }

    fn part(&mut self, depth: usize) -> (Kind, Shape) {
        let kind = if self.is_plain {
            Kind::Axums
        } else {
            self.one_of(&[
                Kind::Ours,
                Kind::Ours,
                Kind::Ours,
                Kind::Axums,
                Kind::Converted,
            ])
        };
        let shape = match kind {
            Kind::Ours | Kind::Converted => self.router(depth - 1),
            Kind::Axums => self.plainly(|this| this.router(depth - 1)),
        };
        (kind, shape)
    }

    pub(super) fn router(&mut self, depth: usize) -> Shape {
        let calls = 1 + self.below(5);
        let calls = (0..calls).map(|_| self.call(depth)).collect();
        Shape { calls }
    }

    fn call(&mut self, depth: usize) -> Call {
        let kinds = if depth == 0 { 21 } else { 34 };
        match self.below(kinds) {
            0..9 => Call::Route(self.one_of(&PATHS), self.methods()),
            9 => Call::RouteAxums(self.one_of(&PATHS), self.plainly(Self::methods)),
            10 => Call::RouteService(self.one_of(&PATHS), self.plain()),
            11 | 12 => Call::Fallback(self.handler()),
            13 => self.rare_fallback(),
            14 | 15 => Call::Layer(self.layer()),
            16 => Call::RouteLayer(self.layer()),
            17 => Call::MethodNotAllowed(self.plain()),
            18 if self.chance(20) => Call::WithState,
            18..21 if self.is_plain => Call::Route(self.one_of(&PATHS), self.methods()),
            18..21 => Call::Default(self.below(3)),
            21..27 => {
                let (prefix, (kind, shape)) = (self.one_of(&PREFIXES), self.part(depth));
                Call::Nest(prefix, kind, shape)
            }
            27 | 28 => {
                let (prefix, (kind, shape)) = (self.one_of(&PREFIXES), self.part(depth));
                Call::NestService(prefix, kind, shape)
            }
            29 => {
                let (kind, shape) = self.part(depth);
                Call::FallbackService(kind, shape)
            }
            _ => {
                let (kind, shape) = self.part(depth);
                Call::Merge(kind, shape)
            }
        }
    }

    fn rare_fallback(&mut self) -> Call {
        match self.below(4) {
            0 => Call::FallbackMethods(self.methods()),
            1 => Call::FallbackPlainService(self.plain()),
            2 => Call::NestMethods(self.one_of(&PREFIXES), self.methods()),
            _ => Call::ResetFallback,
        }
    }
}
