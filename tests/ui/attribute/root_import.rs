use cors_runtime::cors;

#[cors(origins = ["https://app.example.com"])]
async fn list() -> &'static str {
    "items"
}

fn main() {
    drop(list());
}
