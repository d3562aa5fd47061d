//! Access to the Kubernetes API, against an HTTPS server that plays the API server.
