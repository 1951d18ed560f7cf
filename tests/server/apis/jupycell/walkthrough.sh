# The two examples of JupyCell's description.
KERNEL_ID=$(curl -s -X POST http://127.0.0.1:8000/start | jq -r '.kernel_id')
echo "Kernel ID: $KERNEL_ID"
curl -s -X POST http://127.0.0.1:8000/cell \
     -H "Content-Type: application/json" \
     -d '{"kernel_id": '"$KERNEL_ID"', "cell_number": 1, "code": "x = 10", "action": "add"}' | jq
curl -s -X POST http://127.0.0.1:8000/cell \
     -H "Content-Type: application/json" \
     -d '{"kernel_id": '"$KERNEL_ID"', "cell_number": 2, "code": "y = x * 2", "action": "add"}' | jq
curl -s -X POST http://127.0.0.1:8000/cell \
     -H "Content-Type: application/json" \
     -d '{"kernel_id": '"$KERNEL_ID"', "cell_number": 3, "code": "print(y)", "action": "add"}' | jq
curl -s -X POST http://127.0.0.1:8000/cell \
     -H "Content-Type: application/json" \
     -d '{"kernel_id": '"$KERNEL_ID"', "action": "run_all"}' | jq
curl -s -X GET "http://127.0.0.1:8000/cell_outputs?kernel_id=$KERNEL_ID&cell_number=3" | jq
curl -s -X POST http://127.0.0.1:8000/cell \
     -H "Content-Type: application/json" \
     -d '{"kernel_id": '"$KERNEL_ID"', "cell_number": 2, "code": "y = x * 3", "action": "edit"}' | jq
curl -s -X POST http://127.0.0.1:8000/cell \
     -H "Content-Type: application/json" \
     -d '{"kernel_id": '"$KERNEL_ID"', "action": "run_all"}' | jq
curl -s -X GET "http://127.0.0.1:8000/cell_outputs?kernel_id=$KERNEL_ID&cell_number=3" | jq
