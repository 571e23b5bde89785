use cors_runtime::axum::cors;

struct Api;

impl Api {
    #[cors(origins = "*")]
    async fn list(&self) {}
}

fn main() {}
