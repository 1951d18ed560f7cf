"""Tests of deno_resolver, on any Python from 3.11 on."""
