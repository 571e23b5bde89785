//! Servers on loopback that a browser reaches by the names and ports of URLs.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use http::header::HOST;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::outcome::Arrived;

/// The requests that arrived, in their order.
pub(crate) type Record = Arc<Mutex<Vec<Arrived>>>;

pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A connection, with TLS already removed.
pub(crate) struct Connection {
    pub(crate) stream: Box<dyn Stream>,
    pub(crate) scheme: &'static str,
}

/// Serves a connection.
pub(crate) type Handler =
    Arc<dyn Fn(Connection) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

#[derive(Default)]
pub(crate) struct Network {
    /// For a real browser, by the port of the URL.
    sockets: HashMap<u16, SocketAddr>,
    /// The same servers, never with TLS.
    plain: HashMap<u16, SocketAddr>,
}

impl Network {
    pub(crate) async fn http(&mut self, port: u16, handler: Handler) {
        let address = listen(None, "http", handler).await;
        self.sockets.insert(port, address);
        self.plain.insert(port, address);
    }

    pub(crate) async fn https(&mut self, port: u16, handler: Handler) {
        let plain = listen(None, "https", Arc::clone(&handler)).await;
        self.plain.insert(port, plain);
        let address = listen(Some(acceptor()), "https", handler).await;
        self.sockets.insert(port, address);
    }

    /// Returns where a connection to a port of a URL goes.
    pub(crate) fn sockets(&self) -> &HashMap<u16, SocketAddr> {
        &self.sockets
    }

    /// Sends a request over a connection of its own. `port` is the default port of the scheme.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        port: u16,
    ) -> Result<Response<Incoming>, String> {
        let host = request.headers()[HOST].to_str().expect("ASCII");
        let port = host
            .rsplit_once(':')
            .map_or(port, |(_, port)| port.parse().expect("the port of a URL"));
        send(self.plain[&port], request).await
    }
}

/// Sends a request over a connection of its own.
pub(crate) async fn send(
    address: SocketAddr,
    request: Request<Full<Bytes>>,
) -> Result<Response<Incoming>, String> {
    let stream = TcpStream::connect(address).await;
    let stream = TokioIo::new(stream.map_err(|error| error.to_string())?);
    let (mut sender, connection) = http1::handshake(stream).await.map_err(|e| e.to_string())?;
    tokio::spawn(connection);
    sender
        .send_request(request)
        .await
        .map_err(|error| error.to_string())
}

async fn listen(
    acceptor: Option<TlsAcceptor>,
    scheme: &'static str,
    handler: Handler,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                continue;
            };
            let (acceptor, handler) = (acceptor.clone(), Arc::clone(&handler));
            tokio::spawn(async move {
                let stream: Box<dyn Stream> = match acceptor {
                    None => Box::new(stream),
                    Some(acceptor) => match acceptor.accept(stream).await {
                        Ok(stream) => Box::new(stream),
                        // A browser also connects in advance, and closes the connection.
                        Err(_) => return,
                    },
                };
                handler(Connection { stream, scheme }).await;
            });
        }
    });
    address
}

/// The certificate is self-signed, and made for these tests.
fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("cert.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("key.pem"));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.expect("PEM")], key.expect("PEM"))
        .expect("a certificate and its key");
    TlsAcceptor::from(Arc::new(config))
}
