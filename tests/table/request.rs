//! A request as plain data, because the adapters use different versions of `http`.

use crate::services::Service;

pub(crate) const ORIGIN: &str = "origin";
pub(crate) const ACRM: &str = "access-control-request-method";
pub(crate) const ACRH: &str = "access-control-request-headers";

#[derive(Clone, Debug)]
pub(crate) struct PlainRequest {
    /// The service under test. Routers use the path instead.
    pub(crate) service: Service,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// The header lines, with names in lower case, in the order in which they are sent.
    pub(crate) lines: Vec<(&'static str, Vec<u8>)>,
}

pub(crate) fn request(service: Service, method: &'static str) -> PlainRequest {
    PlainRequest {
        service,
        method,
        path: service.path(),
        lines: Vec::new(),
    }
}

/// Creates a preflight for a method.
pub(crate) fn preflight(service: Service, method: impl AsRef<[u8]>) -> PlainRequest {
    request(service, "OPTIONS").line(ACRM, method)
}

impl PlainRequest {
    pub(crate) fn line(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.lines.push((name, value.as_ref().to_vec()));
        self
    }

    pub(crate) fn from(self, origin: impl AsRef<[u8]>) -> Self {
        self.line(ORIGIN, origin)
    }

    /// Adds a line with the requested header names.
    pub(crate) fn names(self, names: impl AsRef<[u8]>) -> Self {
        self.line(ACRH, names)
    }

    pub(crate) fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    fn has(&self, name: &str) -> bool {
        self.lines.iter().any(|(line, _)| *line == name)
    }

    /// Returns the requested method of a preflight.
    pub(crate) fn requested_method(&self) -> Option<&str> {
        let mut lines = self.lines.iter().filter(|_| self.is_preflight());
        let (_, value) = lines.find(|(name, _)| *name == ACRM)?;
        std::str::from_utf8(value).ok()
    }

    /// Returns whether the request is a preflight (Fetch, "CORS-preflight request"). The presence
    /// of the headers decides, not their values.
    pub(crate) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.has(ORIGIN) && self.has(ACRM)
    }
}
