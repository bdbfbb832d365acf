package dev.kumite.ttrpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.util.Map;

/**
 * Answers the calls of one service. Called on a thread for each call, which may have another call
 * afterwards, any number at once.
 *
 * <p>A {@code switch} over the method's name is the cheapest way to be one: nothing is loaded for
 * methods that are not called.
 */
@FunctionalInterface
public interface TtrpcService {

    /** One method of a service, where they are kept in a table. */
    @FunctionalInterface
    interface Method {

        /** {@return the answer to {@code payload}} */
        MessageLite call(ByteString payload, CallContext context)
                throws InvalidProtocolBufferException;
    }

    /**
     * {@return the answer to one call}
     *
     * @param method name as it came, not checked in any way
     * @param payload encoded request, at most 4 MiB
     * @throws TtrpcException to refuse the call; {@link TtrpcException#unimplemented} if there is
     *     no such method. Any other unchecked exception becomes INTERNAL and tells the peer nothing
     * @throws InvalidProtocolBufferException if the payload cannot be read; becomes
     *     INVALID_ARGUMENT
     */
    MessageLite call(String method, ByteString payload, CallContext context)
            throws InvalidProtocolBufferException;

    /** {@return a service of this name with the methods of a table} */
    static TtrpcService of(String service, Map<String, Method> methods) {
        Map<String, Method> table = Map.copyOf(methods);
        return (method, payload, context) -> {
            Method found = table.get(method);
            if (found == null) {
                throw TtrpcException.unimplemented(service, method);
            }
            return found.call(payload, context);
        };
    }
}
