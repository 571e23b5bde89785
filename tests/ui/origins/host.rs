use cors_runtime::axum::cors;

#[cors(origins = [
    "https://",
    "https://a..b",
    "https://{tenant}.example.com",
    "https://a%20b.example.com",
    "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com",
    "http://127.1",
    "http://0x7f.0.0.1",
    "http://nas.1",
    "app://my$app",
    "http://[::1",
    "http://::1",
    "http://[fe80::1%eth0]",
    "http://[::ffff:127.0.0.1]",
    "http://[2001:DB8::1]",
    "http://[0:0:0:0:0:0:0:1]",
])]
async fn list() {}

fn main() {}
